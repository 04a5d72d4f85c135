package org.libftps.commonsnet;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.libftps.testing.TestServer;

/** {@code disconnect} from another thread ends whatever is waited for, and the client goes on. */
class DisconnectTest {
  private interface Waiting {
    void on(NativeFTPSClient client, TestServer server) throws Exception;
  }

  /** What waits, and for what. */
  record Case(String name, String fault, boolean connects, Waiting call) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        connecting("the greeting", "@greeting=no-reply"),
        connecting("the handshake", "@control-handshake=stall"),
        connected("the login", "PASS@reply=no-reply", (client, server) -> logIn(client, server)),
        loggedIn("a reply", "PWD@reply=no-reply", NativeFTPSClient::printWorkingDirectory),
        loggedIn(
            "a download",
            "RETR@byte:1000=stall",
            client -> {
              try (InputStream in = client.retrieveFileStream("file")) {
                in.readAllBytes();
              }
            }),
        loggedIn(
            "retrieveFile", "RETR@byte:1000=stall", client -> Clients.retrieve(client, "file")),
        loggedIn("a listing", "LIST@byte:5=stall", NativeFTPSClient::listFiles),
        loggedIn(
            "an upload",
            "STOR#2@byte:1000=stall",
            client -> {
              try (OutputStream out = client.storeFileStream("large")) {
                out.write(new byte[50_000_000]);
              }
            }),
        loggedIn(
            "storeFile",
            "STOR#2@final=no-reply",
            client -> client.storeFile("small", Clients.bytes("content"))));
  }

  private interface LoggedIn {
    void on(NativeFTPSClient client) throws Exception;
  }

  private static Case connecting(String name, String fault) {
    return new Case(
        name, fault, false, (client, server) -> client.connect(server.host(), server.port()));
  }

  private static Case connected(String name, String fault, Waiting call) {
    return new Case(name, fault, false, call);
  }

  private static Case loggedIn(String name, String fault, LoggedIn call) {
    return new Case(name, fault, true, (client, server) -> call.on(client));
  }

  private static void logIn(NativeFTPSClient client, TestServer server) throws IOException {
    client.connect(server.host(), server.port());
    client.login(server.user(), server.password());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void endsWhatIsWaitedFor(Case waiting) throws Exception {
    try (TestServer server = TestServer.strict("--fault", waiting.fault())) {
      NativeFTPSClient client = Clients.trusting(server);
      if (waiting.connects()) {
        Clients.logIn(client, server);
        Clients.store(client, "file", "x".repeat(100_000));
      }
      CountDownLatch begun = new CountDownLatch(1);
      CompletableFuture<List<Object>> outcome =
          CompletableFuture.supplyAsync(
              () -> {
                begun.countDown();
                Throwable thrown = null;
                try {
                  waiting.call().on(client, server);
                } catch (Throwable e) {
                  thrown = e;
                }
                return Arrays.asList(thrown, Thread.currentThread().isInterrupted());
              });
      begun.await();
      Thread.sleep(300);
      assertFalse(outcome.isDone(), "it does not wait");
      client.disconnect();

      Object thrown = outcome.get(10, TimeUnit.SECONDS).get(0);
      assertNotNull(thrown, "it succeeded");
      assertInstanceOf(IOException.class, thrown);
      assertFalse((boolean) outcome.get().get(1), "the thread was left interrupted");
      assertFalse(client.isConnected());

      Clients.logIn(client, server);
      Clients.store(client, "after", "content");
      client.disconnect();
    }
  }

  @Test
  void disconnectingWhatIsNotConnectedDoesNothing() throws Exception {
    NativeFTPSClient client = new NativeFTPSClient();
    client.disconnect();
    client.disconnect();
    assertFalse(client.isConnected());
  }
}
