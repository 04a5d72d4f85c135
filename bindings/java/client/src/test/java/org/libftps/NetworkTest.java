package org.libftps;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.libftps.Failures.assertFails;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.libftps.testing.Account;
import org.libftps.testing.TestProxy;
import org.libftps.testing.TestServer;

/** The way to the server: sockets, proxies, and what is protected on it. */
class NetworkTest {
  private static final byte[] CONTENT = new byte[100_000];

  @Test
  void connectionsComeFromTheBindAddressAndHaveTheOptionsOfTheirSockets() throws Exception {
    try (TestServer server = TestServer.strict()) {
      Recorder recorder = new Recorder();
      FtpsClient.Builder builder =
          Clients.builder(server)
              .bindAddress(InetAddress.getByName("127.0.0.9"))
              .tcpKeepAlive(Duration.ofMinutes(1))
              .sendBuffer(1 << 16)
              .receiveBuffer(1 << 16)
              .dialogueListener(recorder);
      try (FtpsClient client = Clients.login(server, builder)) {
        roundTrip(client);
        client.setActiveMode(new ActiveMode());
        roundTrip(client);
      }
      assertTrue(recorder.sent().stream().anyMatch(line -> line.startsWith("PORT 127,0,0,9,")));
    }
  }

  @Test
  void aBindAddressThatIsOfNoUseIsNamedInTheError() throws Exception {
    try (TestServer server = TestServer.strict()) {
      FtpsClient.Builder builder = Clients.builder(server);
      builder.bindAddress(InetAddress.getByName("192.0.2.1"));
      FtpsException failure = assertFails("connect", builder::connect);
      assertTrue(failure.getMessage().contains("the bind address 192.0.2.1 "));
    }
  }

  @Test
  void sizesAndTimesThatMeanNothingAreRefused() {
    FtpsClient.Builder builder = FtpsClient.builder("host");
    assertThrows(IllegalArgumentException.class, () -> builder.sendBuffer(-1));
    assertThrows(IllegalArgumentException.class, () -> builder.receiveBuffer(-1));
    assertThrows(
        IllegalArgumentException.class, () -> builder.tcpKeepAlive(Duration.ofMillis(999)));
    assertThrows(IllegalArgumentException.class, () -> FtpsProxy.socks5("proxy", 0));
  }

  private static FtpsProxy address(TestProxy proxy, boolean isSocks) {
    InetSocketAddress address = (InetSocketAddress) proxy.address().address();
    return isSocks
        ? FtpsProxy.socks5(address.getHostString(), address.getPort())
        : FtpsProxy.httpConnect(address.getHostString(), address.getPort());
  }

  @ParameterizedTest(name = "SOCKS5 {0}, TLS {1}")
  @CsvSource({"true, 1.2", "true, 1.3", "false, 1.2", "false, 1.3"})
  void bothConnectionsGoThroughAProxyAndTheTetherHolds(boolean isSocks, String tls)
      throws Exception {
    try (TestServer server = TestServer.strict("--tls", tls);
        TestProxy proxy = TestProxy.asking(isSocks)) {
      FtpsProxy known = address(proxy, isSocks).credentials(TestProxy.USER, TestProxy.PASSWORD);
      assertFalse(known.toString().contains(TestProxy.PASSWORD));
      try (FtpsClient client = Clients.login(server, Clients.builder(server).proxy(known))) {
        roundTrip(client);
        assertFails("invalid-argument", () -> client.setActiveMode(new ActiveMode()));
        roundTrip(client);
      }
      assertEquals(5, proxy.connections());
      Account account = server.stop();
      assertEquals(4, account.resumed());
      assertEquals(0, account.full());
    }
  }

  @ParameterizedTest(name = "SOCKS5 {0}")
  @ValueSource(booleans = {true, false})
  void aProxyThatRefusesSaysWhyAndNotTheCredentials(boolean isSocks) throws Exception {
    try (TestServer server = TestServer.strict();
        TestProxy proxy = TestProxy.asking(isSocks)) {
      FtpsClient.Builder builder = Clients.builder(server);
      builder.proxy(address(proxy, isSocks).credentials(TestProxy.USER, "close-sesame"));
      FtpsException failure = assertFails("connect", builder::connect);
      assertTrue(failure.getMessage().contains("the user"), failure::getMessage);
      assertFalse(failure.getMessage().contains("sesame"), failure::getMessage);
      builder.proxy(null);
      Clients.login(server, builder).close();
    }
  }

  @Test
  void dataConnectionsAreInClearWhereTheCallerSaysSo() throws Exception {
    try (TestServer server = TestServer.strict()) {
      FtpsClient.Builder builder = Clients.builder(server).dataProtection(DataProtection.CLEAR);
      builder.resumption(ResumptionPolicy.REQUIRE);
      assertFails("invalid-argument", builder::connect);
      builder.resumption(ResumptionPolicy.PREFER);
      try (FtpsClient client = Clients.login(server, builder)) {
        roundTrip(client);
        assertEquals(2, client.statistics().clear());
        assertEquals(0, client.statistics().resumed());
      }
      Account account = server.stop();
      assertEquals(0, account.resumed() + account.full());
    }
  }

  @ParameterizedTest(name = "TLS {0}")
  @ValueSource(strings = {"1.2", "1.3"})
  void afterCccTheTetherHolds(String tls) throws Exception {
    try (TestServer server = TestServer.strict("--tls", tls, "--clear-control")) {
      try (FtpsClient client = Clients.login(server)) {
        roundTrip(client);
        client.clearCommandChannel();
        roundTrip(client);
        client.quit();
      }
      Account account = server.stop();
      assertEquals(4, account.resumed());
      assertEquals(0, account.full());
    }
  }

  @Test
  void aRefusalOfCccLeavesTlsAsItIs() throws Exception {
    try (TestServer server = TestServer.strict();
        FtpsClient client = Clients.login(server)) {
      assertEquals(533, assertFails("refused", client::clearCommandChannel).replyCode());
      roundTrip(client);
    }
  }

  private static void roundTrip(FtpsClient client) throws Exception {
    try (FtpsOutputStream out = client.upload("file")) {
      out.write(CONTENT);
    }
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    try (InputStream in = client.download("file")) {
      in.transferTo(received);
    }
    assertArrayEquals(CONTENT, received.toByteArray());
  }
}
