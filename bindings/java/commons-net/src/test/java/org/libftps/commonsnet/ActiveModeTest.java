package org.libftps.commonsnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.net.ProtocolCommandEvent;
import org.apache.commons.net.ProtocolCommandListener;
import org.apache.commons.net.ftp.FTPClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.libftps.testing.Account;
import org.libftps.testing.Kind;
import org.libftps.testing.TestServer;

/** Data connections that the server makes, in Commons Net's words. */
class ActiveModeTest {
  private final List<String> commands = new ArrayList<>();

  private NativeFTPSClient listenedTo(TestServer server) throws IOException {
    NativeFTPSClient client = Clients.trusting(server);
    client.addProtocolCommandListener(
        new ProtocolCommandListener() {
          @Override
          public void protocolCommandSent(ProtocolCommandEvent event) {
            commands.add(event.getMessage().trim());
          }

          @Override
          public void protocolReplyReceived(ProtocolCommandEvent event) {}
        });
    return client;
  }

  private NativeFTPSClient loggedIn(TestServer server) throws IOException {
    NativeFTPSClient client = Clients.logIn(listenedTo(server), server);
    client.changeWorkingDirectory(server.remoteHome());
    client.enterLocalActiveMode();
    return client;
  }

  private static void roundTrip(NativeFTPSClient client) throws IOException {
    Clients.store(client, "file", "content");
    assertEquals("content", Clients.retrieve(client, "file"));
  }

  private long sent(String verb) {
    return commands.stream().filter(command -> command.startsWith(verb + " ")).count();
  }

  private String lastPort() {
    return commands.stream()
        .filter(command -> command.startsWith("PORT "))
        .reduce((earlier, later) -> later)
        .orElseThrow();
  }

  @ParameterizedTest(name = "{0} TLS {1}")
  @CsvSource({"VSFTPD, 1.2", "VSFTPD, 1.3", "PROFTPD, 1.2", "PROFTPD, 1.3"})
  void everyDataConnectionOfARealServerResumes(Kind kind, String tls) throws Exception {
    try (TestServer server = TestServer.real(kind, tls)) {
      NativeFTPSClient client = loggedIn(server);
      for (int i = 0; i < 5; i++) {
        roundTrip(client);
      }
      assertTrue(client.listFiles().length > 0);
      assertEquals(11, sent("PORT"));
      assertTrue(client.logout());
      client.disconnect();

      Account account = server.stop();
      assertEquals(11, account.resumed());
      assertEquals(0, account.full());
      assertEquals(0, account.refused());
    }
  }

  @Test
  void theModeChangesBetweenAnyTwoTransfers() throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFTPSClient client = loggedIn(server);
      roundTrip(client);
      client.enterLocalPassiveMode();
      roundTrip(client);
      client.enterLocalActiveMode();
      roundTrip(client);
      client.disconnect();

      Account account = server.stop();
      assertEquals(4, account.get("data_active"));
      assertEquals(6, account.resumed());
    }
  }

  @Test
  void everyConnectionBeginsInActiveMode() throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFTPSClient client = Clients.trusting(server);
      client.enterLocalPassiveMode();
      client.connect(server.host(), server.port());
      assertEquals(FTPClient.ACTIVE_LOCAL_DATA_CONNECTION_MODE, client.getDataConnectionMode());
      client.login(server.user(), server.password());
      roundTrip(client);
      client.disconnect();
      assertEquals(2, server.stop().get("data_active"));
    }
  }

  @Test
  void theServerIsToldAPortOfTheRangeThatWasSetBeforeConnecting() throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFTPSClient client = listenedTo(server);
      client.setActivePortRange(0x5000, 0x50ff);
      Clients.logIn(client, server);
      client.enterLocalActiveMode();
      roundTrip(client);
      assertTrue(lastPort().startsWith("PORT 127,0,0,1," + 0x50 + ","), lastPort());
      client.setActivePortRange(0, 0);
      roundTrip(client);
      assertFalse(lastPort().startsWith("PORT 127,0,0,1," + 0x50 + ","), lastPort());
      client.disconnect();
      assertThrows(IllegalArgumentException.class, () -> client.setActivePortRange(20, 10));
    }
  }

  @Test
  void theServerIsToldTheAddressThatIsReported() throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFTPSClient client = loggedIn(server);
      client.setReportActiveExternalIPAddress("192.0.2.1");
      IOException refusal = assertThrows(IOException.class, () -> client.listFiles());
      assertTrue(refusal.getMessage().contains("PORT 192,0,2,1,"), refusal.getMessage());
      client.setReportActiveExternalIPAddress(null);
      roundTrip(client);
      client.disconnect();
    }
  }

  @Test
  void anAddressThatIsNotHereCannotBeListenedOn() throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFTPSClient client = loggedIn(server);
      client.setActiveExternalIPAddress("192.0.2.1");
      assertThrows(ConnectException.class, () -> client.listFiles());
      client.setActiveExternalIPAddress("127.0.0.1");
      roundTrip(client);
      client.disconnect();
    }
  }

  @Test
  void aServerThatNeverConnectsIsATimeout() throws Exception {
    try (TestServer server = TestServer.strict("--fault", "RETR@accept=stall")) {
      NativeFTPSClient client = listenedTo(server);
      client.setDataTimeout(Duration.ofMillis(300));
      Clients.logIn(client, server).enterLocalActiveMode();
      Clients.store(client, "file", "content");
      assertThrows(SocketTimeoutException.class, () -> Clients.retrieve(client, "file"));
      client.disconnect();
    }
  }

  @Test
  void aServerThatRefusesTheAddressIsAnException() throws Exception {
    try (TestServer server = TestServer.strict("--answer", "PORT=500 Active mode is off.")) {
      NativeFTPSClient client = loggedIn(server);
      IOException refusal = assertThrows(IOException.class, () -> client.listFiles());
      assertTrue(refusal.getMessage().contains("Active mode is off"), refusal.getMessage());
      client.enterLocalPassiveMode();
      assertNull(Clients.retrieve(client, "none"));
      client.disconnect();
    }
  }
}
