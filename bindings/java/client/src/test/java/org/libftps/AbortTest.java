package org.libftps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.libftps.Failures.assertFails;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.channels.ClosedByInterruptException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.libftps.testing.TestServer;

/** Calls that wait, and how they end before their time. */
@Timeout(60)
class AbortTest {
  private static final String STALL = "--fault=RETR@byte:1000=stall";

  @Test
  void abortEndsAReadThatWaitsAndTheClientGoesOn() throws Exception {
    try (TestServer server = TestServer.strict("--sample-files", STALL);
        FtpsClient client = Clients.login(server)) {
      FtpsInputStream in = client.download("folder/one-mebibyte.bin");
      Waiting waiting = new Waiting(in::readAllBytes);
      in.abort();
      FtpsException failure = assertInstanceOf(FtpsException.class, waiting.failure());
      assertEquals("cancelled", failure.kind());
      assertFails("wrong-state", in::read);
      assertEquals(30, client.download("hello.txt").readAllBytes().length);
    }
  }

  @Test
  void abortEndsACommandThatWaits() throws Exception {
    try (TestServer server = TestServer.strict("--fault=NOOP@reply=stall");
        FtpsClient client = Clients.login(server)) {
      Waiting waiting = new Waiting(client::noop);
      client.abort();
      FtpsException failure = assertInstanceOf(FtpsException.class, waiting.failure());
      assertEquals("cancelled", failure.kind());
    }
  }

  @Test
  void abortWithNothingUnderWayDoesNothing() throws Exception {
    try (TestServer server = TestServer.strict();
        FtpsClient client = Clients.login(server)) {
      client.abort();
      client.noop();
    }
  }

  @Test
  void anInterruptEndsAReadThatWaitsAndTheClientGoesOn() throws Exception {
    try (TestServer server = TestServer.strict("--sample-files", STALL);
        FtpsClient client = Clients.login(server)) {
      FtpsInputStream in = client.download("folder/one-mebibyte.bin");
      Waiting waiting = new Waiting(in::readAllBytes);
      waiting.thread.interrupt();
      assertInstanceOf(ClosedByInterruptException.class, waiting.failure());
      assertTrue(waiting.interrupted);
      assertEquals(30, client.download("hello.txt").readAllBytes().length);
    }
  }

  @Test
  void anInterruptedThreadDoesNotWait() throws Exception {
    try (TestServer server = TestServer.strict("--fault=NOOP@reply=stall");
        FtpsClient client = Clients.login(server)) {
      Thread.currentThread().interrupt();
      assertThrows(ClosedByInterruptException.class, client::noop);
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void anInterruptEndsAConnectThatWaits() throws Exception {
    try (TestServer server = TestServer.strict("--fault=@greeting=stall")) {
      Waiting waiting = new Waiting(Clients.builder(server)::connect);
      waiting.thread.interrupt();
      assertInstanceOf(ClosedByInterruptException.class, waiting.failure());
    }
  }

  @Test
  void closingFromAnotherThreadEndsACallThatWaits() throws Exception {
    try (TestServer server = TestServer.strict("--fault=NOOP@reply=stall")) {
      FtpsClient client = Clients.login(server);
      Waiting waiting = new Waiting(client::noop);
      assertFails("wrong-state", client::noop);
      assertTrue(client.isUsable());
      client.close();
      assertInstanceOf(FtpsException.class, waiting.failure());
      assertFails("wrong-state", client::noop);
    }
  }

  @Test
  void useAfterCloseIsAnError() throws Exception {
    try (TestServer server = TestServer.strict("--sample-files")) {
      FtpsClient client = Clients.login(server);
      FtpsInputStream in = client.download("hello.txt");
      client.close();
      client.close();
      client.abort();
      assertFails("wrong-state", client::noop);
      assertFails("wrong-state", client::statistics);
      assertFails("wrong-state", in::read);
      in.close();
      assertFalse(client.isUsable());
    }
  }

  @Test
  void aForgottenClientIsClosed() throws Exception {
    try (TestServer server = TestServer.strict()) {
      WeakReference<FtpsClient> forgotten = new WeakReference<>(halfAnUpload(server));
      while (!threadIsGone()) {
        System.gc();
        Thread.sleep(20);
      }
      assertTrue(forgotten.refersTo(null));
      assertEquals(0, server.stop().get("uploads_completed"));
    }
  }

  private static FtpsClient halfAnUpload(TestServer server) throws IOException {
    FtpsClient client = Clients.login(server);
    FtpsOutputStream out = client.upload("half");
    out.write(new byte[300_000]);
    out.flush();
    return client;
  }

  /** The backstop's thread ends when no client is open any more. */
  private static boolean threadIsGone() {
    return Thread.getAllStackTraces().keySet().stream()
        .noneMatch(thread -> thread.getName().equals("libftps-backstop"));
  }
}
