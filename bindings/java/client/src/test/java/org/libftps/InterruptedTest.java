package org.libftps;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.libftps.Failures.assertFails;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.libftps.testing.Kind;
import org.libftps.testing.TestServer;

/** Transfers that go on, that replace a file at once, and that are tried again. */
class InterruptedTest {
  private static final byte[] CONTENT = content();
  private static final Duration SHORT = Duration.ofMillis(1);

  @TempDir Path folder;

  @ParameterizedTest(name = "TLS {0}")
  @ValueSource(strings = {"1.2", "1.3"})
  void transfersGoOnWhereAnEarlierOneEnded(String tls) throws Exception {
    try (TestServer server = TestServer.strict("--tls", tls);
        FtpsClient client = Clients.login(server)) {
      goesOn(client);
    }
  }

  @ParameterizedTest(name = "{0} TLS {1}")
  @CsvSource({"VSFTPD, 1.2", "VSFTPD, 1.3", "PROFTPD, 1.2", "PROFTPD, 1.3"})
  void transfersGoOnAndReplaceOnRealServers(Kind kind, String tls) throws Exception {
    try (TestServer server = TestServer.real(kind, tls);
        FtpsClient client = Clients.login(server)) {
      client.changeDirectory(server.remoteHome());
      goesOn(client);
      client.uploadAtomically(local(1000), "file", new AtomicUpload(), null);
      assertEquals(Arrays.asList("file"), client.names(""));
      client.quit();
    }
  }

  private void goesOn(FtpsClient client) throws Exception {
    client.upload(local(300_000), "file");
    Path whole = local(CONTENT.length);
    List<Long> lengths = new ArrayList<>();
    assertEquals(CONTENT.length, client.uploadResuming(whole, "file", lengths::add));
    assertTrue(lengths.get(0) > 300_000, lengths.toString());
    Path part = local(300_000);
    assertEquals(CONTENT.length, client.downloadResuming("file", part, null));
    assertArrayEquals(CONTENT, Files.readAllBytes(part));
    ByteArrayOutputStream range = new ByteArrayOutputStream();
    assertEquals(1234, client.downloadRange("file", 500_000, 1234, range));
    assertArrayEquals(Arrays.copyOfRange(CONTENT, 500_000, 501_234), range.toByteArray());
    assertFails("mismatch", () -> client.uploadResuming(local(1000), "file", null));
    assertEquals(CONTENT.length, client.size("file"));
  }

  @Test
  void anAtomicUploadReplacesTheFileAndLeavesNothingElse() throws Exception {
    try (TestServer server = TestServer.strict("--no-rename-onto-existing", "--hashes", "own");
        FtpsClient client = Clients.login(server)) {
      client.upload(local(10), "file");
      FtpsException failure =
          assertFails(
              "refused",
              () -> client.uploadAtomically(local(1000), "file", new AtomicUpload(), null));
      assertTrue(failure.getMessage().contains("to be replaced"), failure.getMessage());
      assertEquals(10, client.size("file"));
      AtomicUpload options =
          new AtomicUpload().temporaryName("{name}.part").replace(true).verifyHash(true);
      List<Long> moved = new ArrayList<>();
      assertEquals(1000, client.uploadAtomically(local(1000), "file", options, moved::add));
      assertEquals(1000, moved.get(moved.size() - 1));
      assertEquals(1000, client.size("file"));
      assertEquals(Arrays.asList("file"), client.names(""));
      AtomicUpload elsewhere = new AtomicUpload().temporaryName("../{name}");
      assertFails(
          "invalid-argument", () -> client.uploadAtomically(local(1), "file", elsewhere, null));
    }
  }

  @Test
  void whatIsCutIsTriedAgainAndTheListenerSeesIt() throws Exception {
    String[] cuts = {
      "--fault", "RETR#1@byte:300000=reset-both", "--fault", "RETR#2@byte:300000=cut"
    };
    try (TestServer server = TestServer.strict(cuts)) {
      List<String> seen = Collections.synchronizedList(new ArrayList<>());
      RetryPolicy policy =
          new RetryPolicy(5)
              .delays(SHORT, Duration.ofMillis(5))
              .listener(
                  (failure, attempt, delay, offset) -> {
                    assertTrue(
                        offset <= CONTENT.length && delay.compareTo(Duration.ofSeconds(1)) < 0);
                    seen.add(failure.kind());
                    return true;
                  });
      try (FtpsClient client = Clients.login(server, Clients.builder(server).retryPolicy(policy))) {
        client.upload(local(CONTENT.length), "file");
        Path copy = folder.resolve("copy");
        assertEquals(CONTENT.length, client.download("file", copy));
        assertArrayEquals(CONTENT, Files.readAllBytes(copy));
        assertEquals(2, seen.size(), seen.toString());
      }
    }
  }

  @Test
  void anotherAttemptCanBeForbidden() throws Exception {
    for (boolean throwing : new boolean[] {false, true}) {
      try (TestServer server = TestServer.strict("--fault", "SIZE#*@reply=reply:450 Busy.")) {
        IllegalStateException thrown = new IllegalStateException("enough");
        RetryPolicy policy =
            new RetryPolicy(5)
                .listener(
                    (failure, attempt, delay, offset) -> {
                      if (throwing) {
                        throw thrown;
                      }
                      return false;
                    });
        try (FtpsClient client =
            Clients.login(server, Clients.builder(server).retryPolicy(policy))) {
          if (throwing) {
            assertSame(thrown, assertThrows(RuntimeException.class, () -> client.size("file")));
          } else {
            assertEquals(450, assertFails("refused", () -> client.size("file")).replyCode());
          }
        }
        assertEquals(1, server.stop().get("control_connections"));
      }
    }
  }

  @Test
  void pausesInATransferAreKeptAlive() throws Exception {
    try (TestServer server = TestServer.strict("--noop-in-transfer", "at-once")) {
      Recorder recorder = new Recorder();
      FtpsClient.Builder builder =
          Clients.builder(server).keepAlive(Duration.ofMillis(20)).dialogueListener(recorder);
      try (FtpsClient client = Clients.login(server, builder)) {
        client.upload(local(CONTENT.length), "file");
        try (FtpsTransfer transfer = client.openTransfer(Direction.DOWNLOAD, "RETR", "file", 0)) {
          InputStream input = transfer.inputStream();
          input.read();
          for (int i = 0; i < 3; i++) {
            Thread.sleep(40);
            transfer.keepAlive();
          }
          transfer.stop();
        }
        Thread.sleep(40);
        client.keepAlive();
        client.setKeepAlive(null);
        Thread.sleep(40);
        client.keepAlive();
        client.setType("I");
        assertEquals(CONTENT.length, client.size("file"));
        assertEquals(4, recorder.sent().stream().filter("NOOP"::equals).count());
      }
    }
  }

  private Path local(int length) throws Exception {
    return Files.write(folder.resolve("local"), Arrays.copyOf(CONTENT, length));
  }

  private static byte[] content() {
    byte[] content = new byte[1_000_003];
    for (int i = 0; i < content.length; i++) {
      content[i] = (byte) (i % 251);
    }
    return content;
  }
}
