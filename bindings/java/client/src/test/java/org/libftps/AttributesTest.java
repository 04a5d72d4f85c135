package org.libftps;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.libftps.Failures.assertFails;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.libftps.testing.TestServer;

class AttributesTest {
  @TempDir Path folder;

  @Test
  void timesPermissionsAndFactsAreSet() throws Exception {
    Recorder recorder = new Recorder();
    try (TestServer server = TestServer.strict("--sample-files");
        FtpsClient client =
            Clients.login(server, Clients.builder(server).dialogueListener(recorder))) {
      Instant time = Instant.ofEpochSecond(1_000_000_000);
      client.setModificationTime("hello.txt", time.plusMillis(999));
      assertEquals(time, client.modified("hello.txt"));
      client.setModificationTime("hello.txt", Instant.ofEpochSecond(-1));
      assertEquals(Instant.ofEpochSecond(-1), client.modified("hello.txt"));
      assertFails("invalid-argument", () -> client.setModificationTime("hello.txt", Instant.MAX));
      assertFails("refused", () -> client.setModificationTime("missing", time));
      client.setPermissions("hello.txt", 0640);
      assertFails("invalid-argument", () -> client.setPermissions("hello.txt", 010000));
      client.setUmask(027);
      client.setMlstFacts("type", "size");
      assertTrue(client.entry("hello.txt").modified().isEmpty());
      List<String> sent = recorder.sent();
      assertTrue(sent.contains("SITE CHMOD 640 hello.txt"), sent::toString);
      assertTrue(sent.contains("SITE UMASK 027"), sent::toString);
    }
  }

  @Test
  void filesAreComparedByTheServersHash() throws Exception {
    Path local = Files.writeString(folder.resolve("größe"), "content");
    try (TestServer server = TestServer.strict("--hashes", "hash");
        FtpsClient client = Clients.login(server)) {
      client.upload(local, "file");
      assertEquals(
          List.of(HashAlgorithm.SHA_512, HashAlgorithm.SHA_256, HashAlgorithm.SHA_1),
          client.hashAlgorithms());
      byte[] hash = client.hash("file", HashAlgorithm.SHA_1);
      assertEquals("040f06fd774092478d450774f5ba30c5da78acc8", HexFormat.of().formatHex(hash));
      assertEquals(HashAlgorithm.SHA_512, client.verify(local, "file"));
      Files.writeString(local, "Content");
      assertFails("mismatch", () -> client.verify(local, "file"));
    }
  }

  @Test
  void aServerWithoutHashesRefusesToCompare() throws Exception {
    Path local = Files.writeString(folder.resolve("local"), "content");
    try (TestServer server = TestServer.strict("--sample-files");
        FtpsClient client = Clients.login(server)) {
      assertEquals(List.of(), client.hashAlgorithms());
      assertFails("refused", () -> client.verify(local, "hello.txt"));
    }
  }

  @Test
  void aVirtualHostAndTheSizesOfUploadsAreNamed() throws Exception {
    Recorder recorder = new Recorder();
    Path local = Files.writeString(folder.resolve("local"), "content");
    try (TestServer server = TestServer.strict("--virtual-host", "ftp.example")) {
      FtpsClient.Builder options =
          Clients.builder(server).virtualHost("ftp.example").announceSizes(true);
      try (FtpsClient client = Clients.login(server, options.dialogueListener(recorder))) {
        client.upload(local, "file");
      }
      assertTrue(recorder.sent().contains("HOST ftp.example"));
      assertTrue(recorder.sent().contains("ALLO 7"));
      FtpsClient.Builder other = Clients.builder(server).virtualHost("other.example");
      assertFails("refused", () -> Clients.login(server, other));
    }
  }

  @Test
  void linesOfTextsAreConverted() throws Exception {
    try (TestServer server = TestServer.strict();
        FtpsClient client = Clients.login(server, Clients.builder(server).lineEnds(LineEnds.LF))) {
      client.setType("A");
      try (OutputStream text = client.upload("text")) {
        text.write("one\ntwo\n".getBytes(US_ASCII));
      }
      assertArrayEquals("one\ntwo\n".getBytes(US_ASCII), content(client, "text"));
      client.setLineEnds(LineEnds.CR_LF);
      assertArrayEquals("one\r\ntwo\r\n".getBytes(US_ASCII), content(client, "text"));
    }
  }

  @Test
  void aRateLimitHoldsUntilItIsChanged() throws Exception {
    try (TestServer server = TestServer.strict("--sample-files");
        FtpsClient client =
            Clients.login(
                server,
                Clients.builder(server)
                    .rateLimits(10, 10)
                    .operationTimeout(Duration.ofMillis(700)))) {
      assertFails("timeout", () -> content(client, "hello.txt"));
      client.setRateLimits(0, 0);
      assertEquals(30, content(client, "hello.txt").length);
      assertThrows(IllegalArgumentException.class, () -> client.setRateLimits(-1, 0));
    }
  }

  private byte[] content(FtpsClient client, String remote) throws Exception {
    Path local = folder.resolve("received");
    client.download(remote, local);
    return Files.readAllBytes(local);
  }
}
