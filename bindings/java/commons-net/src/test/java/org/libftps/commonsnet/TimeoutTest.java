package org.libftps.commonsnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.libftps.testing.TestServer;

/** Timeouts hold at once; without any, there are those of the native client. */
class TimeoutTest {
  private static final int SHORT = 300;

  private static void assertTimesOutSoon(Executable call) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> assertThrows(SocketTimeoutException.class, call));
  }

  @Test
  void aReplyIsWaitedForAsLongAsWasSetWhileConnected() throws Exception {
    try (TestServer server = TestServer.strict("--fault", "PWD@reply=no-reply")) {
      NativeFTPSClient client = Clients.loggedIn(server);
      client.setSoTimeout(SHORT);
      assertEquals(SHORT, client.getSoTimeout());
      assertTimesOutSoon(client::printWorkingDirectory);
      client.disconnect();
    }
  }

  @Test
  void aDownloadStallsAsLongAsWasSetWhileConnected() throws Exception {
    try (TestServer server = stalling()) {
      NativeFTPSClient client = Clients.loggedIn(server);
      client.setDataTimeout(Duration.ofMillis(SHORT));
      InputStream stream = client.retrieveFileStream("folder/one-mebibyte.bin");
      assertTimesOutSoon(stream::readAllBytes);
      client.disconnect();
    }
  }

  @Test
  @SuppressWarnings("deprecation")
  void theDataTimeoutHoldsInAnOpenDownloadToo() throws Exception {
    try (TestServer server = stalling()) {
      NativeFTPSClient client = Clients.loggedIn(server);
      InputStream stream = client.retrieveFileStream("folder/one-mebibyte.bin");
      client.setDataTimeout(SHORT);
      assertTimesOutSoon(stream::readAllBytes);
      client.disconnect();
    }
  }

  private static TestServer stalling() throws IOException {
    return TestServer.strict("--sample-files", "--fault", "RETR@byte:1000=stall");
  }

  @Test
  void theConnectTimeoutEndsTheHandshakeOfADataConnection() throws Exception {
    try (TestServer server = TestServer.strict("--fault", "LIST@data-handshake=stall")) {
      NativeFTPSClient client = Clients.loggedIn(server);
      client.setConnectTimeout(SHORT);
      assertTimesOutSoon(client::listFiles);
      client.disconnect();
    }
  }

  @Test
  void zeroIsTheNativeClientsOwnTimeout() throws Exception {
    try (TestServer server = TestServer.strict("--fault", "PWD@reply=delay:1000")) {
      NativeFTPSClient client = Clients.loggedIn(server);
      client.setSoTimeout(SHORT);
      client.setSoTimeout(0);
      assertEquals("/", client.printWorkingDirectory());
      client.disconnect();
    }
  }

  @Test
  void theNextConnectionHasTheDefaultTimeoutAgain() throws Exception {
    try (TestServer server = TestServer.strict("--fault", "PWD@reply=delay:1000")) {
      NativeFTPSClient client = Clients.trusting(server);
      client.setDefaultTimeout(50_000);
      Clients.logIn(client, server).setSoTimeout(SHORT);
      Clients.logIn(client, server);
      assertEquals(50_000, client.getSoTimeout());
      assertEquals("/", client.printWorkingDirectory());
      client.disconnect();
    }
  }

  @Test
  void aTimeoutForAConnectionThatIsNotThereIsRefused() {
    NativeFTPSClient client = new NativeFTPSClient();
    assertThrows(SocketException.class, () -> client.setSoTimeout(SHORT));
  }
}
