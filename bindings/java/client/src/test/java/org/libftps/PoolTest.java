package org.libftps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.libftps.Failures.assertFails;

import java.lang.ref.WeakReference;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.libftps.testing.Account;
import org.libftps.testing.TestServer;

/** Connections that are lent. */
class PoolTest {
  private static FtpsPool.Builder pool(TestServer server) throws Exception {
    return Clients.builder(server).pool(server.user(), server.password());
  }

  @ParameterizedTest(name = "TLS {0}")
  @ValueSource(strings = {"1.2", "1.3"})
  void manyThreadsShareFewConnections(String tls) throws Exception {
    try (TestServer server = TestServer.strict("--tls", tls)) {
      try (FtpsPool pool = pool(server).maximum(2).build()) {
        List<FutureTask<Void>> uploads = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
          String name = "file-" + i;
          FutureTask<Void> upload = new FutureTask<>(() -> upload(pool, name));
          uploads.add(upload);
          new Thread(upload).start();
        }
        for (FutureTask<Void> upload : uploads) {
          upload.get();
        }
        PoolStatistics statistics = pool.statistics();
        assertTrue(statistics.opened() <= 2, statistics::toString);
        assertEquals(statistics.open(), statistics.idle());
        assertEquals(0, statistics.waiting());
        assertEquals(6, statistics.transfers().resumed());
        assertEquals(OptionalLong.empty(), statistics.serverLimit());
      }
      Account account = server.stop();
      assertEquals(6, account.resumed());
      assertEquals(0, account.full());
      assertTrue(account.controlHandshakes() <= 2);
    }
  }

  private static Void upload(FtpsPool pool, String name) throws Exception {
    try (FtpsClient client = pool.lease();
        FtpsOutputStream out = client.upload(name)) {
      out.write(new byte[1000]);
    }
    return null;
  }

  @Test
  void theNextBorrowerGetsTheConnectionAsNew() throws Exception {
    try (TestServer server = TestServer.strict();
        FtpsPool pool = pool(server).build()) {
      String home;
      try (FtpsClient first = pool.lease()) {
        home = first.currentDirectory();
        first.makeDirectory("folder");
        first.changeDirectory("folder");
        first.setType("A");
      }
      try (FtpsClient second = pool.lease()) {
        assertEquals(home, second.currentDirectory());
      }
      assertEquals(1, pool.statistics().opened());
    }
  }

  @Test
  void aClientThatWasClosedIsOfNoMoreUse() throws Exception {
    try (TestServer server = TestServer.strict();
        FtpsPool pool = pool(server).build()) {
      FtpsClient client = pool.lease();
      client.close();
      assertFails("wrong-state", client::noop);
      client.close();
      assertEquals(1, pool.statistics().idle());
    }
  }

  @Test
  void quitEndsTheConnection() throws Exception {
    try (TestServer server = TestServer.strict();
        FtpsPool pool = pool(server).build()) {
      pool.lease().quit();
      assertEquals(0, pool.statistics().open());
      assertEquals(1, pool.statistics().discarded());
    }
  }

  @Test
  void aConnectionWithAnOpenTransferDoesNotComeBack() throws Exception {
    try (TestServer server = TestServer.strict();
        FtpsPool pool = pool(server).build()) {
      FtpsClient client = pool.lease();
      client.upload("file").write(1);
      client.close();
      assertEquals(0, pool.statistics().open());
    }
  }

  @Test
  void aWaitForAConnectionEnds() throws Exception {
    try (TestServer server = TestServer.strict();
        FtpsPool pool = pool(server).maximum(1).waitLimit(Duration.ofMillis(50)).build();
        FtpsClient only = pool.lease()) {
      assertFails("timeout", pool::lease);
      only.noop();
    }
  }

  @Test
  void anInterruptEndsAWaitForAConnection() throws Exception {
    try (TestServer server = TestServer.strict();
        FtpsPool pool = pool(server).maximum(1).build();
        FtpsClient only = pool.lease()) {
      FutureTask<Exception> waiting =
          new FutureTask<>(() -> assertThrows(ClosedByInterruptException.class, pool::lease));
      Thread thread = new Thread(waiting);
      thread.start();
      while (pool.statistics().waiting() == 0) {
        Thread.onSpinWait();
      }
      thread.interrupt();
      waiting.get();
      assertEquals(0, pool.statistics().waiting());
      only.noop();
    }
  }

  @Test
  void aClosedPoolLendsNothingAndWhatItLentGoesOn() throws Exception {
    try (TestServer server = TestServer.strict()) {
      FtpsPool pool = pool(server).build();
      FtpsClient client = pool.lease();
      pool.close();
      pool.close();
      assertFails("wrong-state", pool::lease);
      assertFails("wrong-state", pool::statistics);
      assertFails("wrong-state", pool::closeExpired);
      client.noop();
      client.close();
    }
  }

  @Test
  void aPoolIsFoundForgottenAndWhatItLentGoesOn() throws Exception {
    try (TestServer server = TestServer.strict()) {
      FtpsPool[] pool = {pool(server).build()};
      WeakReference<FtpsPool> forgotten = new WeakReference<>(pool[0]);
      try (FtpsClient client = pool[0].lease()) {
        pool[0] = null;
        while (!forgotten.refersTo(null)) {
          System.gc();
          Thread.sleep(20);
        }
        client.noop();
      }
    }
  }

  @Test
  void whatIsIdleForTooLongIsClosed() throws Exception {
    try (TestServer server = TestServer.strict();
        FtpsPool pool = pool(server).expireAfter(Duration.ZERO).build()) {
      pool.lease().close();
      pool.closeExpired();
      assertEquals(0, pool.statistics().open());
      assertEquals(1, pool.statistics().expired());
    }
  }

  @Test
  void whatAListenerThrowsReachesTheBorrowerWhoseCallItWas() throws Exception {
    RuntimeException thrown = new IllegalStateException("seen");
    Thread thrower = Thread.currentThread();
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    DialogueListener listener =
        new DialogueListener() {
          @Override
          public void sent(String line) {
            if (line.equals("NOOP") && Thread.currentThread() == thrower) {
              throw thrown;
            }
            if (line.equals("NOOP")) {
              inside.countDown();
              await(released);
            }
          }

          @Override
          public void received(FtpsReply reply) {}
        };
    try (TestServer server = TestServer.strict();
        FtpsPool pool =
            Clients.builder(server)
                .dialogueListener(listener)
                .pool(server.user(), server.password())
                .build();
        FtpsClient mine = pool.lease();
        FtpsClient others = pool.lease()) {
      FutureTask<Void> elsewhere =
          new FutureTask<>(
              () -> {
                others.noop();
                return null;
              });
      new Thread(elsewhere).start();
      await(inside);
      for (int i = 0; i < 10; i++) {
        assertSame(thrown, assertThrows(IllegalStateException.class, mine::noop));
      }
      released.countDown();
      elsewhere.get();
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
  void aWrongPasswordIsTheLeasesFailure() throws Exception {
    try (TestServer server = TestServer.strict();
        FtpsPool pool = Clients.builder(server).pool(server.user(), "wrong").build()) {
      assertFails("login-refused", pool::lease);
      assertEquals(0, pool.statistics().open());
    }
  }

  @Test
  void optionsThatMakeNoSenseAreRefused() throws Exception {
    FtpsPool.Builder builder = FtpsClient.builder("localhost").pool("user", "password");
    assertThrows(IllegalArgumentException.class, () -> builder.maximum(0));
    Duration negative = Duration.ofMillis(-1);
    assertThrows(IllegalArgumentException.class, () -> builder.waitLimit(negative));
    assertThrows(IllegalArgumentException.class, () -> builder.checkAfter(negative));
    assertThrows(IllegalArgumentException.class, () -> builder.expireAfter(negative));
    FtpsPool.Builder latin1 =
        FtpsClient.builder("localhost").charset(StandardCharsets.ISO_8859_1).pool("user", "\u20ac");
    FtpsException failure = assertFails("invalid-argument", latin1::build);
    assertTrue(failure.getMessage().contains("the password"), failure::getMessage);
  }
}
