package org.libftps.testing;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Java code of a document: a block that says by + and - what changes. It is compiled as it was and
 * as it becomes.
 */
public final class Fragment {
  private final List<String> lines;

  private Fragment(List<String> lines) {
    this.lines = lines;
  }

  /**
   * Finds the blocks below a heading.
   *
   * @param document its path below the project's root
   * @param heading the whole line
   * @return the blocks of kind {@code diff} up to the next heading, in order
   * @throws IOException if the document cannot be read
   */
  public static List<Fragment> below(String document, String heading) throws IOException {
    Path path = Path.of(System.getProperty("libftps.root"), document);
    String section = Files.readString(path).split("\n" + heading + "\n", 2)[1].split("\n## ")[0];
    return List.of(section.split("```diff\n")).stream()
        .skip(1)
        .map(block -> new Fragment(block.split("```")[0].lines().toList()))
        .toList();
  }

  /**
   * The code without what changes it.
   *
   * @return the lines that stay and those with -
   */
  public String before() {
    return without('+');
  }

  /**
   * The changed code.
   *
   * @return the lines that stay and those with +
   */
  public String after() {
    return without('-');
  }

  private String without(char mark) {
    return lines.stream()
        .filter(line -> line.charAt(0) != mark)
        .map(line -> line.substring(1) + "\n")
        .collect(Collectors.joining());
  }

  /**
   * Compiles code with the class path of this process. What does not compile is an error.
   *
   * @param folder where to put the class
   * @param imports class names, or packages with {@code .*}
   * @param parameters what the code is given, as a method declares it
   * @param code statements; the last may return something
   * @return the method that they are
   * @throws Exception if it does not compile
   */
  public static Method compile(Path folder, List<String> imports, String parameters, String code)
      throws Exception {
    String source =
        imports.stream().map(name -> "import " + name + ";\n").collect(Collectors.joining())
            + "public class Fragment {\n"
            + ("public static Object run(" + parameters + ") throws Exception {\n")
            + (code + "\n}\n}\n");
    Path directory = Files.createTempDirectory(folder, "fragment");
    Path file = Files.writeString(directory.resolve("Fragment.java"), source);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter errors = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options = List.of("-cp", classPath(), "-d", directory.toString());
      var units = files.getJavaFileObjects(file);
      if (!compiler.getTask(errors, files, null, options, null, units).call()) {
        throw new IOException(errors + source);
      }
    }
    URL[] classes = {directory.toUri().toURL()};
    // Not closed: the code may load more of its classes later.
    @SuppressWarnings("resource")
    ClassLoader loader = new URLClassLoader(classes, Fragment.class.getClassLoader());
    return List.of(loader.loadClass("Fragment").getMethods()).stream()
        .filter(method -> method.getName().equals("run"))
        .findAny()
        .orElseThrow();
  }

  private static String classPath() {
    String classPath = System.getProperty("java.class.path");
    return System.getProperty("surefire.test.class.path", classPath);
  }

  /**
   * Runs compiled code.
   *
   * @param method what {@link #compile} gave
   * @param arguments its parameters
   * @return what it returns
   * @throws Exception what it throws
   */
  public static Object run(Method method, Object... arguments) throws Exception {
    try {
      return method.invoke(null, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }
}
