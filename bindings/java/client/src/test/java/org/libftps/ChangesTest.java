package org.libftps;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.libftps.Failures.assertFails;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.libftps.testing.Account;
import org.libftps.testing.Kind;
import org.libftps.testing.TestServer;

/** Who makes the data connections, and how long to wait: also changed while connected. */
class ChangesTest {
  private static final byte[] CONTENT = new byte[100_000];
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofMinutes(10);

  @ParameterizedTest(name = "TLS {0}")
  @ValueSource(strings = {"1.2", "1.3"})
  void activeAndPassiveModeChangeBetweenAnyTwoTransfers(String tls) throws Exception {
    try (TestServer server = TestServer.strict("--tls", tls)) {
      FtpsClient.Builder builder = Clients.builder(server).activeMode(new ActiveMode());
      try (FtpsClient client = Clients.login(server, builder)) {
        roundTrip(client);
        client.setActiveMode(null);
        roundTrip(client);
        roundTrip(client);
        InetAddress here = InetAddress.getByName("127.0.0.1");
        client.setActiveMode(
            new ActiveMode()
                .ports(1024, 65535)
                .listenOn(here)
                .announcedAddress(here)
                .trustAnyPeer(true));
        roundTrip(client);
        client.setActiveMode(null);
        roundTrip(client);
        client.quit();
      }
      Account account = server.stop();
      assertEquals(4, account.get("data_active"));
      assertEquals(10, account.resumed());
      assertEquals(0, account.full());
      assertEquals(1, account.controlHandshakes());
    }
  }

  @ParameterizedTest(name = "{0} TLS {1}")
  @CsvSource({"VSFTPD, 1.2", "VSFTPD, 1.3", "PROFTPD, 1.2", "PROFTPD, 1.3"})
  void dataConnectionsThatRealServersMakeAreResumed(Kind kind, String tls) throws Exception {
    try (TestServer server = TestServer.real(kind, tls)) {
      Recorder recorder = new Recorder();
      FtpsClient.Builder builder =
          Clients.builder(server).activeMode(new ActiveMode()).dialogueListener(recorder);
      try (FtpsClient client = Clients.login(server, builder)) {
        client.changeDirectory(server.remoteHome());
        for (int i = 0; i < 5; i++) {
          roundTrip(client);
        }
        client.quit();
      }
      assertEquals(10, recorder.sent().stream().filter(line -> line.startsWith("PORT ")).count());
      Account account = server.stop();
      assertEquals(10, account.resumed());
      assertEquals(0, account.full());
      assertEquals(0, account.refused());
    }
  }

  @Test
  void theAnnouncedAddressIsTheCallersChoice() throws Exception {
    try (TestServer server = TestServer.strict();
        FtpsClient client = Clients.login(server)) {
      client.setActiveMode(new ActiveMode().announcedAddress(InetAddress.getByName("192.0.2.1")));
      assertEquals(500, assertFails("refused", () -> client.list("")).replyCode());
      client.setActiveMode(new ActiveMode().announcedAddress(InetAddress.getByName("2001:db8::1")));
      FtpsException failure = assertFails("refused", () -> client.list(""));
      assertTrue(failure.getMessage().contains("EPRT |2|2001:db8::1|"), failure::getMessage);
      client.setActiveMode(new ActiveMode().listenOn(InetAddress.getByName("192.0.2.1")));
      assertFails("connect", () -> client.list(""));
      client.setActiveMode(null);
      client.list("");
    }
  }

  @Test
  void aRangeWithoutPortsIsRefused() {
    ActiveMode mode = new ActiveMode();
    assertThrows(IllegalArgumentException.class, () -> mode.ports(0, 10));
    assertThrows(IllegalArgumentException.class, () -> mode.ports(20, 10));
    assertThrows(IllegalArgumentException.class, () -> mode.ports(1, 65536));
  }

  @Test
  void aServerThatNeverConnectsIsATimeout() throws Exception {
    try (TestServer server = TestServer.strict("--fault=STOR@accept=stall");
        FtpsClient client =
            Clients.login(server, Clients.builder(server).activeMode(new ActiveMode()))) {
      client.setDataTimeout(SHORT);
      assertFails("timeout", () -> client.upload("file").close());
      roundTrip(client);
    }
  }

  @Test
  void theDataTimeoutHoldsInAnOpenTransferToo() throws Exception {
    try (TestServer server = TestServer.strict("--sample-files", "--fault=RETR@byte:1000=stall");
        FtpsClient client = Clients.login(server, Clients.builder(server).dataTimeout(LONG))) {
      InputStream in = client.download("folder/one-mebibyte.bin");
      assertEquals(1000, in.readNBytes(1000).length);
      client.setDataTimeout(SHORT);
      assertFails("timeout", in::read);
    }
  }

  @Test
  void theReplyTimeoutHoldsFromTheNextCommand() throws Exception {
    try (TestServer server = TestServer.strict("--fault=NOOP@reply=stall");
        FtpsClient client = Clients.login(server, Clients.builder(server).replyTimeout(LONG))) {
      client.setReplyTimeout(SHORT);
      assertFails("timeout", client::noop);
    }
  }

  @Test
  void theOperationTimeoutHoldsFromTheNextCommandAndCanBeTakenAway() throws Exception {
    try (TestServer server =
            TestServer.strict("--fault=NOOP@reply=delay:1000", "--fault=NOOP#2@reply=stall");
        FtpsClient client =
            Clients.login(server, Clients.builder(server).operationTimeout(SHORT))) {
      client.setOperationTimeout(null);
      client.noop();
      client.setOperationTimeout(SHORT);
      assertFails("timeout", client::noop);
    }
  }

  @Test
  void theConnectTimeoutHoldsFromTheNextDataConnection() throws Exception {
    try (TestServer server = TestServer.strict("--fault=STOR@data-handshake=stall");
        FtpsClient client = Clients.login(server, Clients.builder(server).connectTimeout(LONG))) {
      client.setConnectTimeout(SHORT);
      assertFails("timeout", () -> client.upload("file").close());
    }
  }

  @Test
  void aTimeoutIsNeitherNegativeNorNull() throws Exception {
    try (TestServer server = TestServer.strict();
        FtpsClient client = Clients.login(server)) {
      Duration negative = Duration.ofSeconds(-1);
      assertThrows(IllegalArgumentException.class, () -> client.setReplyTimeout(negative));
      assertThrows(NullPointerException.class, () -> client.setDataTimeout(null));
    }
  }

  @Test
  void nothingIsChangedOfAClientThatIsInUseOrClosed() throws Exception {
    CountDownLatch heard = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    try (TestServer server = TestServer.strict("--fault=NOOP@reply=stall")) {
      FtpsClient.Builder builder = Clients.builder(server);
      FtpsClient client = Clients.login(server, builder.dialogueListener(new Holder(heard, asked)));
      FutureTask<FtpsException> busy =
          new FutureTask<>(() -> assertFails("cancelled", client::noop));
      new Thread(busy).start();
      heard.await();
      assertFails("wrong-state", () -> client.setReplyTimeout(LONG));
      client.close();
      asked.countDown();
      busy.get();
      assertFails("wrong-state", () -> client.setReplyTimeout(LONG));
      assertFails("wrong-state", () -> client.setActiveMode(null));
    }
  }

  /** Holds a thread inside NOOP until it was asked something else. */
  private record Holder(CountDownLatch heard, CountDownLatch asked) implements DialogueListener {
    @Override
    public void sent(String line) {
      if (line.equals("NOOP")) {
        heard.countDown();
        try {
          asked.await();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }

    @Override
    public void received(FtpsReply reply) {}
  }

  private static void roundTrip(FtpsClient client) throws Exception {
    try (FtpsOutputStream out = client.upload("file")) {
      assertTrue(out.isResumed());
      out.write(CONTENT);
    }
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    try (InputStream in = client.download("file")) {
      in.transferTo(received);
    }
    assertArrayEquals(CONTENT, received.toByteArray());
  }
}
