package org.libftps.commonsnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.net.ProtocolCommandEvent;
import org.apache.commons.net.ProtocolCommandListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.libftps.testing.TestProxy;
import org.libftps.testing.TestServer;

/** The way to the server, in Commons Net's words. */
class NetworkTest {
  @ParameterizedTest(name = "SOCKS5 {0}")
  @ValueSource(booleans = {true, false})
  void allConnectionsGoThroughTheProxy(boolean isSocks) throws Exception {
    try (TestServer server = TestServer.strict();
        TestProxy proxy = TestProxy.open(isSocks)) {
      NativeFTPSClient client = Clients.trusting(server);
      client.setProxy(proxy.address());
      Clients.logIn(client, server);
      Clients.store(client, "file", "content");
      assertEquals("content", Clients.retrieve(client, "file"));
      client.disconnect();
      assertEquals(3, proxy.connections());
      assertEquals(2, server.stop().resumed());
    }
  }

  @Test
  void aClientConnectsAnewWithoutTheProxy() throws Exception {
    try (TestServer server = TestServer.strict();
        TestProxy proxy = TestProxy.open(true)) {
      NativeFTPSClient client = Clients.trusting(server);
      client.setProxy(proxy.address());
      Clients.logIn(client, server);
      client.disconnect();
      client.setProxy(Proxy.NO_PROXY);
      Clients.logIn(client, server);
      client.disconnect();
      assertEquals(1, proxy.connections());
    }
  }

  @Test
  void activeModeBehindAProxyIsRefusedBeforeAnythingIsStored() throws Exception {
    try (TestServer server = TestServer.strict();
        TestProxy proxy = TestProxy.open(true)) {
      NativeFTPSClient client = Clients.trusting(server);
      client.setProxy(proxy.address());
      Clients.logIn(client, server);
      client.enterLocalActiveMode();
      assertThrows(IOException.class, () -> Clients.store(client, "file", "content"));
      client.enterLocalPassiveMode();
      assertEquals(0, client.listFiles().length);
      client.disconnect();
    }
  }

  @Test
  void allConnectionsComeFromTheLocalAddress() throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFTPSClient client = Clients.trusting(server);
      InetAddress local = InetAddress.getByName("127.0.0.9");
      client.connect(server.host(), server.port(), local, 0);
      assertTrue(client.login(server.user(), server.password()));
      client.enterLocalActiveMode();
      AtomicInteger fromThere = new AtomicInteger();
      client.addProtocolCommandListener(counting("PORT 127,0,0,9,", fromThere));
      Clients.store(client, "file", "content");
      assertEquals(1, fromThere.get());
      client.disconnect();
    }
  }

  @Test
  void theControlConnectionIsKeptAliveInASlowDownload() throws Exception {
    try (TestServer server = TestServer.strict("--sample-files", "--noop-in-transfer", "at-once")) {
      NativeFTPSClient client = Clients.loggedIn(server);
      AtomicInteger noops = new AtomicInteger();
      client.addProtocolCommandListener(counting("NOOP", noops));
      client.setControlKeepAliveTimeout(Duration.ofMillis(20));
      assertEquals(Duration.ofMillis(20), client.getControlKeepAliveTimeoutDuration());
      try (InputStream stream = client.retrieveFileStream("folder/one-mebibyte.bin")) {
        assertEquals(1, stream.readNBytes(1).length);
        Thread.sleep(40);
        assertEquals((1 << 20) - 1, stream.readAllBytes().length);
      }
      assertTrue(client.completePendingCommand());
      assertTrue(noops.get() > 0);
      assertTrue(client.sendNoOp());
      client.disconnect();
    }
  }

  private static ProtocolCommandListener counting(String command, AtomicInteger count) {
    return new ProtocolCommandListener() {
      @Override
      public void protocolCommandSent(ProtocolCommandEvent event) {
        if (event.getMessage().startsWith(command)) {
          count.incrementAndGet();
        }
      }

      @Override
      public void protocolReplyReceived(ProtocolCommandEvent event) {}
    };
  }
}
