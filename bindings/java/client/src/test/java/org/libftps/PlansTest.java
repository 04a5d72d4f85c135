package org.libftps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.libftps.testing.TestServer;

/** Plans that are executed over pools: who hears of them, and how they end before their time. */
@Timeout(60)
class PlansTest {
  /** On which no download gets on, and which does not end them by itself. */
  private static final String[] STALLED = {
    "--sample-files", "--fault=RETR#*@byte:0=stall", "--data-timeout=600"
  };

  @TempDir private Path folder;

  /** Hears the commands alone. */
  private interface CommandListener extends DialogueListener {
    @Override
    void sent(String line);
  }

  private static FtpsPool pool(TestServer server, CommandListener listener) throws IOException {
    FtpsClient.Builder builder = Clients.builder(server).dialogueListener(listener);
    return builder.pool(server.user(), server.password()).build();
  }

  private static FtpsPool pool(TestServer server) throws IOException {
    return Clients.builder(server).pool(server.user(), server.password()).build();
  }

  private MirrorPlan download(TestServer server, String remote) throws IOException {
    try (FtpsClient client = Clients.login(server)) {
      Mirror mirror = Mirror.download(remote, folder.resolve("copy" + remote));
      return mirror.compare(Mirror.Compare.NOTHING).plan(client);
    }
  }

  @Test
  void whatAListenerThrowsReachesTheCallerOfThePlanThatItHeard() throws Exception {
    RuntimeException thrown = new IllegalStateException("seen");
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    CommandListener listener =
        line -> {
          if (line.startsWith("RETR /mine/")) {
            throw thrown;
          }
          if (line.startsWith("RETR /others/")) {
            inside.countDown();
            await(released);
          }
        };
    try (TestServer server = TestServer.strict();
        FtpsPool pool = pool(server, listener)) {
      makeFiles(server, "/mine");
      makeFiles(server, "/others");
      MirrorPlan others = download(server, "/others").connections(2);
      FutureTask<MirrorReport> elsewhere = new FutureTask<>(() -> others.execute(pool, null));
      new Thread(elsewhere).start();
      await(inside);
      for (int i = 0; i < 10; i++) {
        MirrorPlan mine = download(server, "/mine").connections(2);
        assertSame(
            thrown, assertThrows(IllegalStateException.class, () -> mine.execute(pool, null)));
      }
      released.countDown();
      MirrorReport report = elsewhere.get();
      assertTrue(report.isComplete(), report::toString);
    }
  }

  private static void makeFiles(TestServer server, String directory) throws IOException {
    try (FtpsClient client = Clients.login(server)) {
      client.makeDirectory(directory);
      for (String name : List.of("a", "b", "c", "d")) {
        client.upload(directory + "/" + name).close();
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatAListenerThrowsEndsWhatTheOtherConnectionsWaitFor() throws Exception {
    RuntimeException thrown = new IllegalStateException("enough");
    CountDownLatch second = new CountDownLatch(2);
    CommandListener listener =
        line -> {
          if (line.startsWith("RETR ")) {
            second.countDown();
            await(second);
            throw thrown;
          }
        };
    try (TestServer server = TestServer.strict(STALLED);
        FtpsPool pool = pool(server, listener)) {
      MirrorPlan plan = download(server, "/").connections(2);
      assertSame(thrown, assertThrows(IllegalStateException.class, () -> plan.execute(pool, null)));
    }
  }

  @Test
  void abortEndsAPlanAndItsReportTellsSo() throws Exception {
    try (TestServer server = TestServer.strict(STALLED);
        FtpsPool pool = pool(server);
        FtpsClient client = pool.lease()) {
      MirrorPlan overPool = download(server, "/");
      assertAborted(aborted(() -> overPool.execute(pool, null), overPool::abort));
      MirrorPlan overClient = download(server, "/");
      assertAborted(aborted(() -> overClient.execute(client, null), overClient::abort));
      MirrorPlan again = download(server, "/");
      assertAborted(aborted(() -> again.execute(client, null), client::abort));
      client.noop();
    }
  }

  private static MirrorReport aborted(VirtualThreads.Call<MirrorReport> execution, Runnable abort)
      throws Exception {
    AtomicReference<MirrorReport> report = new AtomicReference<>();
    Waiting waiting = new Waiting(() -> report.set(execution.run()));
    abort.run();
    assertEquals(null, waiting.failure());
    return report.get();
  }

  private static void assertAborted(MirrorReport report) {
    assertEquals(0, report.files());
    assertEquals("cancelled", report.endedBy().get().kind(), report::toString);
    for (MirrorFailure failure : report.failures()) {
      assertEquals("cancelled", failure.exception().kind(), report::toString);
    }
  }

  @Test
  void anInterruptEndsAPlanAndThePoolGoesOn() throws Exception {
    try (TestServer server = TestServer.strict(STALLED);
        FtpsPool pool = pool(server)) {
      MirrorPlan plan = download(server, "/");
      Waiting waiting = new Waiting(() -> plan.execute(pool, null));
      waiting.thread.interrupt();
      assertInstanceOf(ClosedByInterruptException.class, waiting.failure());
      assertTrue(waiting.interrupted);
      try (FtpsClient client = pool.lease()) {
        client.noop();
      }
      assertEquals(pool.statistics().idle(), pool.statistics().open());
    }
  }

  @Test
  void anInterruptedThreadExecutesNothing() throws Exception {
    try (TestServer server = TestServer.strict(STALLED);
        FtpsPool pool = pool(server)) {
      MirrorPlan plan = download(server, "/");
      Thread.currentThread().interrupt();
      assertThrows(ClosedByInterruptException.class, () -> plan.execute(pool, null));
      assertTrue(Thread.interrupted());
      assertEquals(0, pool.statistics().opened());
    }
  }
}
