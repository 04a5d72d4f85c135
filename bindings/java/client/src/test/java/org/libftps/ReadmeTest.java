package org.libftps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.libftps.testing.TestServer;

/** What the README says, done to the letter. */
class ReadmeTest {
  @TempDir Path folder;

  @Test
  void theExampleUploads() throws Exception {
    String readme = Files.readString(Paths.get(System.getProperty("libftps.root"), "README.md"));
    String block = readme.split("```java\n")[1].split("```")[0];
    assertTrue(block.contains(".port(2121)"));
    try (TestServer server = TestServer.strict("--sample-files")) {
      Files.write(folder.resolve("ca.pem"), server.ca());
      Files.writeString(folder.resolve("report.csv"), "one;two\n");
      String program = block.replace(".port(2121)", ".port(" + server.port() + ")");
      Path source = Files.writeString(folder.resolve("Upload.java"), program);
      ChildJvm jvm = ChildJvm.runSource(folder, source);
      assertEquals(0, jvm.exitCode, jvm.output);
      assertTrue(jvm.output.contains("report.csv\n"), jvm.output);
      assertTrue(jvm.output.contains("resumed 2, full 0"), jvm.output);
      assertEquals(2, server.stop().get("data_same_session"));
    }
  }
}
