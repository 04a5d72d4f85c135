package org.libftps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.libftps.Failures.assertFails;

import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.libftps.testing.Account;
import org.libftps.testing.TestServer;

class ConnectionTest {
  @Test
  void aWrongPasswordIsRefusedAndTheNextTryMaySucceed() throws Exception {
    try (TestServer server = TestServer.strict();
        FtpsClient client = Clients.builder(server).connect()) {
      FtpsException failure = assertFails("login-refused", () -> client.login("user", "wrong"));
      assertEquals(530, failure.replyCode());
      assertFalse(failure.getMessage().contains("wrong"), failure::getMessage);
      client.login(server.user(), server.password());
      client.list("");
    }
  }

  @Test
  void anUntrustedCertificateIsRefusedBeforeTheLogin() throws Exception {
    try (TestServer server = TestServer.strict()) {
      FtpsClient.Builder builder = FtpsClient.builder("127.0.0.1").port(server.port());
      assertFails("certificate", builder::connect);
      builder.acceptAnyCertificate(true);
      Clients.login(server, builder).close();
      assertEquals(1, server.stop().get("logins"));
    }
  }

  @Test
  void aCertificateForAnotherNameIsRefused() throws Exception {
    try (TestServer server = TestServer.strict("--certificate", "other-name")) {
      assertFails("certificate", Clients.builder(server)::connect);
    }
  }

  @Test
  void aPinStandsInForTheChain() throws Exception {
    try (TestServer server = TestServer.strict("--certificate", "self-signed")) {
      FtpsClient.Builder builder = FtpsClient.builder("127.0.0.1").port(server.port());
      String wrong = "00".repeat(32);
      FtpsException failure = assertFails("certificate", builder.pinSha256(wrong)::connect);
      String pin =
          failure
              .getMessage()
              .replaceAll("(?s).*?([0-9a-fA-F]{64}|(?:[0-9a-fA-F]{2}:){31}[0-9a-fA-F]{2}).*", "$1");
      Clients.login(server, builder.pinSha256(pin)).close();
    }
  }

  @Test
  void nobodyThereIsAnError() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    assertFails("connect", FtpsClient.builder("127.0.0.1").port(port)::connect);
  }

  @Test
  void aSilentServerIsATimeout() throws Exception {
    try (TestServer server = TestServer.strict("--fault=@greeting=stall")) {
      assertFails("timeout", Clients.builder(server).replyTimeout(Duration.ofMillis(200))::connect);
    }
  }

  @Test
  void implicitTlsAndARangeOfVersionsCanBeChosen() throws Exception {
    try (TestServer server = TestServer.strict("--implicit");
        FtpsClient client =
            Clients.login(
                server,
                Clients.builder(server)
                    .security(Security.IMPLICIT)
                    .tlsVersions(TlsVersion.V1_2, TlsVersion.V1_2))) {
      assertSame(TlsVersion.V1_2, client.tlsVersion());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"filezilla-0.9", "filezilla-1"})
  void aRefusedSessionIsAnErrorWithTheServersWords(String wording) throws Exception {
    try (TestServer server = TestServer.strict("--wording", wording);
        FtpsClient client =
            Clients.login(
                server, Clients.builder(server).resumption(ResumptionPolicy.OFF).relogin(false))) {
      FtpsException failure = assertFails("not-resumed", () -> client.list(""));
      assertTrue(failure.replyText().contains("session"), failure::replyText);
      assertTrue(failure.replyCode() / 100 == 4, failure::getMessage);
    }
  }

  @Test
  void theDialogueIsHeardAndPasswordsAreMasked() throws Exception {
    Recorder recorder = new Recorder();
    try (TestServer server = TestServer.strict()) {
      try (FtpsClient client =
          Clients.login(server, Clients.builder(server).dialogueListener(recorder))) {
        client.list("");
        client.quit();
      }
      List<String> sent = recorder.sent();
      assertEquals("AUTH TLS", sent.get(0));
      assertTrue(sent.contains("USER user"), sent::toString);
      assertTrue(sent.stream().anyMatch(line -> line.startsWith("PASS ")), sent::toString);
      assertTrue(sent.stream().noneMatch(line -> line.contains(server.password())), sent::toString);
      assertEquals("QUIT", sent.get(sent.size() - 1));
      List<FtpsReply> received = recorder.received();
      assertEquals(220, received.get(0).code());
      assertTrue(received.stream().anyMatch(reply -> reply.code() == 226));
      Account counters = server.stop();
      assertEquals(1, counters.get("logins"));
    }
  }

  @Test
  void whatAListenerThrowsReachesTheCallerUnchanged() throws Exception {
    Error thrown = new AssertionError("from the listener");
    boolean[] armed = {false};
    DialogueListener throwing =
        new DialogueListener() {
          @Override
          public void received(FtpsReply reply) {
            if (armed[0]) {
              throw thrown;
            }
          }
        };
    try (TestServer server = TestServer.strict("--sample-files");
        FtpsClient client =
            Clients.login(server, Clients.builder(server).dialogueListener(throwing))) {
      armed[0] = true;
      assertSame(thrown, assertThrows(Error.class, client::noop));
      assertSame(thrown, assertThrows(Error.class, () -> client.download("hello.txt")));
      armed[0] = false;
      // The transfer that the caller never got is not in the way.
      client.noop();
      assertEquals(30, client.download("hello.txt").readAllBytes().length);
    }
  }

  @Test
  void aListenerMustNotUseItsClient() throws Exception {
    FtpsClient[] client = new FtpsClient[1];
    FtpsException[] failure = new FtpsException[1];
    DialogueListener reentrant =
        new DialogueListener() {
          @Override
          public void received(FtpsReply reply) {
            if (client[0] != null && failure[0] == null) {
              failure[0] = assertFails("wrong-state", client[0]::noop);
            }
          }
        };
    try (TestServer server = TestServer.strict()) {
      client[0] = Clients.login(server, Clients.builder(server).dialogueListener(reentrant));
      client[0].noop();
      client[0].close();
    }
    assertTrue(failure[0].getMessage().contains("one at a time"), failure[0]::getMessage);
  }

  @Test
  void userAndPasswordAreWrittenInTheClientsCharacterSet() throws Exception {
    try (TestServer server =
        TestServer.strict("--latin1", "--user", "J\u00fcrgen:Schl\u00fcssel")) {
      try (FtpsClient client =
          Clients.builder(server).charset(StandardCharsets.ISO_8859_1).connect()) {
        client.login("J\u00fcrgen", "Schl\u00fcssel");
        FtpsException refusal =
            assertFails("invalid-argument", () -> client.login("J\u00fcrgen", "\u20ac 100"));
        assertFalse(refusal.getMessage().contains("100"), refusal.getMessage());
      }
    }
  }
}
