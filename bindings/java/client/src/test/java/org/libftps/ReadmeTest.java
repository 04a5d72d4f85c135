package org.libftps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.libftps.testing.Account;
import org.libftps.testing.TestServer;

/** What the README says, done to the letter. */
class ReadmeTest {
  @TempDir Path folder;

  @Test
  void theExampleUploads() throws Exception {
    try (TestServer server = TestServer.strict("--sample-files")) {
      Files.writeString(folder.resolve("report.csv"), "one;two\n");
      String output = run("class Upload ", server);
      assertTrue(output.contains("report.csv\n"), output);
      assertTrue(output.contains("resumed 2, full 0"), output);
      assertEquals(2, server.stop().get("data_same_session"));
    }
  }

  @Test
  void theExampleMirrors() throws Exception {
    try (TestServer server = TestServer.strict()) {
      Path page = Files.createDirectories(folder.resolve("site/news")).resolve("page.html");
      Files.writeString(page, "one");
      Files.writeString(folder.resolve("site/index.html"), "two");
      String output = run("class Publish ", server);
      assertTrue(output.startsWith("create directory .: missing\n"), output);
      assertTrue(output.contains("upload news/page.html (3 bytes): missing\n"), output);
      assertTrue(output.contains("2 files (6 bytes) transferred, 2 directories made"), output);
      assertTrue(output.contains("0 failed, 0 not done\n"), output);
      Account account = server.stop();
      assertEquals(2, account.get("uploads_completed"));
      assertEquals(0, account.full());
    }
  }

  /** Runs the program that the README has with these words in it, and gives what it prints. */
  private String run(String words, TestServer server) throws Exception {
    String readme = Files.readString(Paths.get(System.getProperty("libftps.root"), "README.md"));
    String block =
        Arrays.stream(readme.split("```java\n"))
            .map(part -> part.split("```")[0])
            .filter(part -> part.contains(words))
            .findFirst()
            .get();
    assertTrue(block.contains(".port(2121)"));
    Files.write(folder.resolve("ca.pem"), server.ca());
    String program = block.replace(".port(2121)", ".port(" + server.port() + ")");
    Path source = Files.writeString(folder.resolve("Program.java"), program);
    ChildJvm jvm = ChildJvm.runSource(folder, source);
    assertEquals(0, jvm.exitCode, jvm.output);
    return jvm.output;
  }
}
