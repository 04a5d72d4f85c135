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

  private static final List<String> ALLOWED =
      Runtime.version().feature() >= 24 ? List.of("--enable-native-access=ALL-UNNAMED") : List.of();

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
    return start(temporary, classCommand(temporary, options, main, arguments));
  }

  /** The same, where {@code temporary} is a file system from which nothing can be executed. */
  static ChildJvm runOnNoexec(Path temporary, Class<?> main, String... options)
      throws IOException, InterruptedException {
    String mount = "mount -t tmpfs -o noexec tmpfs \"$0\" && exec \"$@\"";
    List<String> command = new ArrayList<>();
    command.addAll(List.of("unshare", "--map-root-user", "--mount", "sh", "-c", mount));
    command.add(temporary.toString());
    command.addAll(classCommand(temporary, List.of(options), main));
    ChildJvm jvm = start(Paths.get("/"), command);
    if (jvm.output.contains("unshare:") || jvm.output.contains("mount:")) {
      throw new IOException(
          "this test mounts a file system in a user namespace of its own (util-linux, and a kernel or"
              + " container that lets it; root can always): "
              + jvm.output);
    }
    return jvm;
  }

  /** Starts a jar, whose manifest has everything else. */
  static ChildJvm runJar(Path temporary, Path jar) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(java(), "-Djava.io.tmpdir=" + temporary));
    command.addAll(List.of("-jar", jar.toString()));
    return start(temporary, command);
  }

  /** Runs a program from its source, in its directory. */
  static ChildJvm runSource(Path directory, Path source) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(java(), "-cp", classPath()));
    command.addAll(ALLOWED);
    command.add(source.toString());
    return start(directory, command);
  }

  /** Runs a program from its source, in its directory, and without a class path. */
  static ChildJvm runModular(Path directory, List<String> options, Path source)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(java()));
    command.addAll(options);
    command.add(source.toString());
    return start(directory, command);
  }

  private static List<String> classCommand(
      Path temporary, List<String> options, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>(List.of(java(), "-cp", classPath()));
    if (!options.contains(DENIED)) {
      command.addAll(ALLOWED);
    }
    command.addAll(options);
    command.add("-Djava.io.tmpdir=" + temporary);
    command.add(main.getName());
    command.addAll(Arrays.asList(arguments));
    return command;
  }

  private static String java() {
    return Paths.get(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static String classPath() {
    String classPath = System.getProperty("java.class.path");
    return System.getProperty("surefire.test.class.path", classPath);
  }

  private static ChildJvm start(Path directory, List<String> command)
      throws IOException, InterruptedException {
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
