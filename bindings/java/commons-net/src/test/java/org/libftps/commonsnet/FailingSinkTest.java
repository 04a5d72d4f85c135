package org.libftps.commonsnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.commons.net.io.CopyStreamException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.libftps.testing.Kind;
import org.libftps.testing.TestServer;

/** A download whose target fails: a full disk, for instance. */
class FailingSinkTest {
  /** Takes one large piece at most. */
  private static final class FullDisk extends OutputStream {
    private final IOException failure = new IOException("No space left on device");
    private boolean hasTaken;

    @Override
    public void write(int single) throws IOException {
      write(new byte[] {(byte) single}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (hasTaken || length < 1000) {
        throw failure;
      }
      hasTaken = true;
    }
  }

  private static void store(NativeFTPSClient client, int size) throws IOException {
    client.storeFile("file", new ByteArrayInputStream(new byte[size]));
    assertEquals(226, client.getReplyCode());
  }

  @ParameterizedTest(name = "{0} TLS {1}")
  @CsvSource({"VSFTPD, 1.2", "VSFTPD, 1.3", "PROFTPD, 1.2", "PROFTPD, 1.3"})
  void itsExceptionIsThrownAndTheConnectionGoesOn(Kind kind, String tls) throws Exception {
    try (TestServer server = TestServer.real(kind, tls)) {
      assertGoesOn(server, 20_000_000);
    }
  }

  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(ints = {20_000_000, 10})
  void howeverMuchTheServerHasSent(int size) throws Exception {
    try (TestServer server = TestServer.strict()) {
      assertGoesOn(server, size);
    }
  }

  private static void assertGoesOn(TestServer server, int size) throws IOException {
    NativeFTPSClient client = Clients.loggedIn(server);
    client.changeWorkingDirectory(server.remoteHome());
    store(client, size);
    for (int i = 0; i < 3; i++) {
      FullDisk disk = new FullDisk();
      CopyStreamException thrown =
          assertThrows(CopyStreamException.class, () -> client.retrieveFile("file", disk));
      assertSame(disk.failure, thrown.getIOException());
      assertEquals("No space left on device", thrown.getMessage());
      assertEquals(200, client.noop());
    }
    Clients.store(client, "other", "content");
    assertEquals("content", Clients.retrieve(client, "other"));
    client.disconnect();
  }

  @ParameterizedTest(name = "{0} bytes")
  @ValueSource(ints = {20_000_000, 10})
  void whatIsNoIoExceptionIsThrownAsItIs(int size) throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFTPSClient client = Clients.loggedIn(server);
      store(client, size);
      IllegalStateException failure = new IllegalStateException("no room");
      OutputStream sink =
          new OutputStream() {
            @Override
            public void write(int single) {
              throw failure;
            }
          };
      assertSame(
          failure,
          assertThrows(IllegalStateException.class, () -> client.retrieveFile("file", sink)));
      assertEquals(200, client.noop());
      client.disconnect();
    }
  }
}
