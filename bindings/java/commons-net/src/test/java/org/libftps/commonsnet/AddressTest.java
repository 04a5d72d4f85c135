package org.libftps.commonsnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.libftps.testing.Account;
import org.libftps.testing.TestServer;

/** Servers are named in several ways. */
class AddressTest {
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private static void roundTrip(NativeFTPSClient client, TestServer server) throws IOException {
    assertTrue(client.login(server.user(), server.password()));
    client.enterLocalPassiveMode();
    Clients.store(client, "passive", "content");
    assertEquals("content", Clients.retrieve(client, "passive"));
    client.enterLocalActiveMode();
    Clients.store(client, "active", "content");
    assertEquals("content", Clients.retrieve(client, "active"));
    client.disconnect();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1"})
  void anAddressIsCheckedByTheNameItWasMadeOf(String name) throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFTPSClient client = Clients.trusting(server);
      client.connect(InetAddress.getByAddress(name, LOOPBACK), server.port());
      roundTrip(client, server);
      assertEquals(4, server.stop().resumed());
    }
  }

  @Test
  void anAddressOfAnotherNameIsRefused() throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFTPSClient client = Clients.trusting(server);
      InetAddress address = InetAddress.getByAddress("other.example", LOOPBACK);
      assertThrows(SSLHandshakeException.class, () -> client.connect(address, server.port()));
    }
  }

  @Test
  void anAddressWithoutANameIsCheckedItself() throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFTPSClient client = Clients.trusting(server);
      client.connect(InetAddress.getByAddress(LOOPBACK), server.port());
      roundTrip(client, server);
    }
  }

  @Test
  void ipv6WorksByAddressAndByText() throws Exception {
    try (TestServer server = TestServer.strict("--listen", "[::1]:0")) {
      NativeFTPSClient client = Clients.trusting(server);
      client.connect("::1", server.port());
      roundTrip(client, server);
      client.connect(InetAddress.getByName("::1"), server.port());
      assertEquals(InetAddress.getByName("::1"), client.getRemoteAddress());
      roundTrip(client, server);

      Account account = server.stop();
      assertEquals(8, account.resumed());
      assertEquals(4, account.get("data_active"));
    }
  }
}
