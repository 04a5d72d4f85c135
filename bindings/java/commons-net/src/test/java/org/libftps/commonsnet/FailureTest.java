package org.libftps.commonsnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import javax.net.ssl.SSLHandshakeException;
import org.apache.commons.net.ftp.FTPConnectionClosedException;
import org.apache.commons.net.io.CopyStreamException;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.libftps.FtpsException;
import org.libftps.testing.TestServer;

/** What fails is told: by an exception, or by null and false where Commons Net promises that. */
class FailureTest {
  /** More than sockets and buffers hold. */
  private static final int LARGE = 50_000_000;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "425 Cannot open data connection.",
        "426 Connection closed.",
        "522 SSL connection failed."
      })
  void aReplyAboutTheDataConnectionIsThrownAndStaysReadable(String reply) throws Exception {
    try (TestServer server = TestServer.strict("--answer", "LIST=" + reply)) {
      NativeFTPSClient client = Clients.loggedIn(server);
      IOException thrown = assertThrows(IOException.class, () -> client.listFiles("/"));
      assertTrue(thrown.getMessage().contains(reply), thrown.getMessage());
      assertEquals(Integer.parseInt(reply.substring(0, 3)), client.getReplyCode());
      assertTrue(client.getReplyString().contains(reply), client.getReplyString());
      client.disconnect();
    }
  }

  @Test
  void a421IsAClosedConnection() throws Exception {
    try (TestServer server = TestServer.strict("--answer", "PWD=421 Going down.")) {
      NativeFTPSClient client = Clients.loggedIn(server);
      IOException thrown =
          assertThrows(FTPConnectionClosedException.class, client::printWorkingDirectory);
      assertTrue(thrown.getMessage().contains("421 Going down."), thrown.getMessage());
      assertEquals(421, client.getReplyCode());
      assertFalse(client.isAvailable());
      client.disconnect();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"450 Busy.", "550 No such file."})
  void anOrdinaryRefusalIsNullFalseOrEmpty(String reply) throws Exception {
    try (TestServer server =
        TestServer.strict(
            "--answer",
            "RETR=" + reply,
            "--answer",
            "LIST=" + reply,
            "--answer",
            "NLST=" + reply,
            "--answer",
            "STOR=" + reply)) {
      NativeFTPSClient client = Clients.loggedIn(server);
      assertNull(client.retrieveFileStream("file"));
      assertEquals(Integer.parseInt(reply.substring(0, 3)), client.getReplyCode());
      assertFalse(client.completePendingCommand(), "nothing is pending");
      assertEquals(0, client.listFiles("/").length);
      assertNull(client.listNames("/"));
      assertFalse(client.storeFile("file", Clients.bytes("content")));
      assertNull(Clients.retrieve(client, "file"));
      assertTrue(client.sendNoOp(), "replies are in step");
      client.disconnect();
    }
  }

  @Test
  void aRefusedLoginIsFalse() throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFTPSClient client = Clients.trusting(server);
      client.connect(server.host(), server.port());
      assertFalse(client.login(server.user(), "wrong"));
      assertEquals(530, client.getReplyCode());
      assertTrue(client.login(server.user(), server.password()));
      assertEquals(230, client.getReplyCode());
      client.disconnect();
    }
  }

  @Test
  void aCertificateThatNobodyTrustsIsThrown() throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFTPSClient client = new NativeFTPSClient();
      SSLHandshakeException refusal =
          assertThrows(
              SSLHandshakeException.class, () -> client.connect(server.host(), server.port()));
      assertEquals("certificate", ((FtpsException) refusal.getCause()).kind());
      assertFalse(client.isConnected());
    }
  }

  @Test
  void aDownloadThatWasCutIsThrown() throws Exception {
    try (TestServer server = TestServer.strict("--fault", "RETR@end=no-close-notify")) {
      NativeFTPSClient client = Clients.loggedIn(server);
      Clients.store(client, "file", "content");
      IOException thrown =
          assertThrows(CopyStreamException.class, () -> Clients.retrieve(client, "file"));
      assertTrue(thrown.getMessage().contains("close_notify"), thrown.getMessage());
      assertEquals("content", Clients.retrieve(client, "file"), "and the session goes on");
      client.disconnect();
    }
  }

  /** The reply may come before the listing or after it. */
  @RepeatedTest(10)
  void aListingThatWasCutIsNoShortListing() throws Exception {
    try (TestServer server = TestServer.strict("--fault", "LIST@final=reply:451 Disk error.")) {
      NativeFTPSClient client = Clients.loggedIn(server);
      Clients.store(client, "file", "content");
      IOException thrown = assertThrows(IOException.class, () -> client.listFiles("/"));
      assertTrue(thrown.getMessage().contains("451 Disk error."), thrown.getMessage());
      client.disconnect();
    }
  }

  @Test
  void aDownloadThatEndsWithARefusalIsThrown() throws Exception {
    try (TestServer server = TestServer.strict("--fault", "RETR@final=reply:550 Gone.")) {
      NativeFTPSClient client = Clients.loggedIn(server);
      Clients.store(client, "file", "content");
      try (InputStream in = client.retrieveFileStream("file")) {
        if (in != null) {
          IOException thrown = assertThrows(IOException.class, in::readAllBytes);
          assertTrue(thrown.getMessage().contains("550 Gone."), thrown.getMessage());
        }
      }
      assertEquals(550, client.getReplyCode());
      assertTrue(client.sendNoOp());
      client.disconnect();
    }
  }

  @Test
  void anUploadThatTheServerDoesNotConfirmIsFalse() throws Exception {
    try (TestServer server = TestServer.strict("--fault", "STOR@final=reply:552 Quota exceeded.")) {
      NativeFTPSClient client = Clients.loggedIn(server);
      assertFalse(client.storeFile("file", Clients.bytes("content")));
      assertEquals(552, client.getReplyCode());
      client.disconnect();
    }
  }

  @Test
  void anUploadThatIsRefusedOnTheWayIsFalse() throws Exception {
    try (TestServer server =
        TestServer.strict("--fault", "STOR@byte:100000=reply:552 Quota exceeded.")) {
      NativeFTPSClient client = Clients.loggedIn(server);
      assertFalse(client.storeFile("file", new BreakingSource(LARGE, true)));
      assertEquals(552, client.getReplyCode());
      assertTrue(client.sendNoOp(), "replies are in step");
      client.disconnect();
    }
  }

  @Test
  void aStreamThatBrokeCanBeClosedByTryWithResources() throws Exception {
    try (TestServer server = TestServer.strict("--fault", "STOR@byte:1000=reset")) {
      NativeFTPSClient client = Clients.loggedIn(server);
      IOException thrown =
          assertThrows(
              IOException.class,
              () -> {
                try (OutputStream out = client.storeFileStream("file")) {
                  out.write(new byte[LARGE]);
                }
              });
      assertEquals(426, client.getReplyCode(), thrown.toString());
      assertTrue(client.sendNoOp());
      client.disconnect();
    }
  }

  @Test
  void anUploadWhoseSourceFailsIsAborted() throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFTPSClient client = Clients.loggedIn(server);
      IOException thrown =
          assertThrows(
              IOException.class, () -> client.storeFile("file", new BreakingSource(100_000)));
      assertTrue(thrown.getMessage().contains("the disk broke"), thrown.getMessage());
      assertTrue(client.sendNoOp(), "replies are in step");
      assertEquals(200, client.getReplyCode());
      client.disconnect();
      assertEquals(0, server.stop().get("uploads_completed"));
    }
  }

  @Test
  void anUploadWhoseListenerFailsIsAborted() throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFTPSClient client = Clients.loggedIn(server);
      client.setCopyStreamListener(
          new org.apache.commons.net.io.CopyStreamAdapter() {
            @Override
            public void bytesTransferred(long total, int count, long size) {
              throw new IllegalStateException("enough");
            }
          });
      assertThrows(
          IllegalStateException.class, () -> client.storeFile("file", Clients.bytes("content")));
      assertTrue(client.sendNoOp(), "replies are in step");
      client.disconnect();
      assertEquals(0, server.stop().get("uploads_completed"));
    }
  }

  @Test
  void completePendingCommandWithAnOpenStreamAborts() throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFTPSClient client = Clients.loggedIn(server);
      OutputStream out = client.storeFileStream("file");
      out.write(new byte[1000]);
      assertFalse(client.completePendingCommand());
      assertEquals(426, client.getReplyCode());
      assertThrows(IOException.class, () -> out.write(1));
      assertTrue(client.sendNoOp());
      client.disconnect();
      assertEquals(0, server.stop().get("uploads_completed"));
    }
  }

  @Test
  void completePendingCommandWithNothingPendingReadsNothing() throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFTPSClient client = Clients.loggedIn(server);
      Clients.store(client, "file", "content");
      assertTimeoutPreemptively(
          Duration.ofSeconds(10), () -> assertTrue(client.completePendingCommand()));
      client.disconnect();
    }
  }

  @Test
  void aDownloadThatIsGivenUpLeavesTheSessionInStep() throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFTPSClient client = Clients.loggedIn(server);
      assertTrue(client.storeFile("file", new BreakingSource(LARGE, true)));
      try (InputStream in = client.retrieveFileStream("file")) {
        assertNotNull(in);
        in.readNBytes(1000);
      }
      assertFalse(client.completePendingCommand());
      assertTrue(client.sendNoOp());
      assertEquals(200, client.getReplyCode());
      client.disconnect();
    }
  }

  @Test
  void abortEndsAnUpload() throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFTPSClient client = Clients.loggedIn(server);
      OutputStream out = client.storeFileStream("file");
      out.write(new byte[1000]);
      assertTrue(client.abort(), client.getReplyString());
      assertThrows(IOException.class, out::close);
      assertTrue(client.sendNoOp());
      client.disconnect();
      assertEquals(0, server.stop().get("uploads_completed"));
    }
  }

  @Test
  void oneInstanceConnectsAnyNumberOfTimes() throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFTPSClient client = Clients.trusting(server);
      for (int i = 0; i < 5; i++) {
        Clients.logIn(client, server);
        Clients.store(client, "file" + i, "content");
        assertEquals(i + 1, client.listNames().length);
        client.disconnect();
        assertFalse(client.isConnected());
        assertThrows(IOException.class, client::noop);
      }
    }
  }

  /** Gives zeros, and then fails unless it may end. */
  private static final class BreakingSource extends InputStream {
    private final boolean ends;
    private int left;

    BreakingSource(int size) {
      this(size, false);
    }

    BreakingSource(int size, boolean ends) {
      this.left = size;
      this.ends = ends;
    }

    @Override
    public int read() throws IOException {
      if (left-- > 0) {
        return 0;
      }
      if (ends) {
        return -1;
      }
      throw new IOException("the disk broke");
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (left > 0) {
        int count = Math.min(left, length);
        left -= count;
        return count;
      }
      return read();
    }
  }
}
