package org.libftps;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own. */
final class ChildJvm {
  /** With this option native access is not allowed; otherwise it is, where the JVM asks. */
  static final String DENIED = "--illegal-native-access=deny";

  /** Everything that the JVM wrote, to both standard output and standard error. */
  final String output;

  final int exitCode;

  private ChildJvm(String output, int exitCode) {
    this.output = output;
    this.exitCode = exitCode;
  }

  /** Runs a class of the tests, with {@code temporary} for temporary files. */
  static ChildJvm run(Path temporary, List<String> options, Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    List<String> rest = new ArrayList<>(options);
    rest.add("-Djava.io.tmpdir=" + temporary);
    rest.add(main.getName());
    rest.addAll(Arrays.asList(arguments));
    return start(temporary, rest);
  }

  /** Runs a program from its source, in its directory. */
  static ChildJvm runSource(Path directory, Path source) throws IOException, InterruptedException {
    return start(directory, List.of(source.toString()));
  }

  private static ChildJvm start(Path directory, List<String> arguments)
      throws IOException, InterruptedException {
    String classPath = System.getProperty("java.class.path");
    classPath = System.getProperty("surefire.test.class.path", classPath);
    String java = Paths.get(System.getProperty("java.home"), "bin", "java").toString();
    List<String> command = new ArrayList<>(List.of(java, "-cp", classPath));
    if (Runtime.version().feature() >= 24 && !arguments.contains(DENIED)) {
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(arguments);
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("the JVM does not end; it said: " + output);
    }
    return new ChildJvm(output, process.exitValue());
  }
}
