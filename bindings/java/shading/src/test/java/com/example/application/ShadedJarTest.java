package com.example.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.libftps.testing.TestServer;

/** The jar that maven-shade-plugin made. */
class ShadedJarTest {
  private static final Path JAR = Path.of("target/application.jar");

  @TempDir private Path folder;

  @Test
  void nothingInItHasTheOldName() throws Exception {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      assertEquals(
          List.of(),
          jar.stream()
              .map(entry -> entry.getName())
              .filter(name -> name.startsWith("org/libftps"))
              .toList());
    }
  }

  /** The native library is found, calls back into the renamed classes, and no JDK warns. */
  @Test
  void itWorksUnderTheNewName() throws Exception {
    try (TestServer server = TestServer.strict("--sample-files")) {
      Path ca = Files.write(folder.resolve("ca.pem"), server.ca());
      String output =
          run(
              server.host(),
              Integer.toString(server.port()),
              server.user(),
              server.password(),
              ca.toString());
      assertEquals(
          ".\n..\nempty.dat\nfolder\nhello.txt\ncom.example.application.ftps.FtpsException: refused\n",
          output);
      assertEquals(1, server.stop().resumed());
    }
  }

  private String run(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-jar", JAR.toString()));
    command.addAll(List.of(arguments));
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the application does not end");
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(output, StandardCharsets.UTF_8);
  }
}
