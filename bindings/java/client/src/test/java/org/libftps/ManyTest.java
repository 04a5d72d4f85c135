package org.libftps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.libftps.testing.TestServer;

/** Many clients at once, on threads and on virtual threads. */
@Timeout(120)
class ManyTest {
  @Test
  void clientsOnManyThreadsDoNotMindEachOther() throws Exception {
    try (TestServer server = TestServer.strict("--sample-files")) {
      List<CompletableFuture<Throwable>> ends = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        CompletableFuture<Throwable> end = new CompletableFuture<>();
        ends.add(end);
        new Thread(() -> end.complete(run(() -> use(server)))).start();
      }
      for (CompletableFuture<Throwable> end : ends) {
        assertEquals(null, end.get(60, TimeUnit.SECONDS));
      }
      assertEquals(128, server.stop().get("data_same_session"));
    }
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void virtualThreadsThatWaitDoNotStopOthers() throws Exception {
    int count = 4 * Runtime.getRuntime().availableProcessors();
    BlockingQueue<Throwable> ends = new LinkedBlockingQueue<>();
    try (TestServer server = TestServer.strict("--sample-files", "--fault=NOOP#*@reply=stall")) {
      List<Thread> waiting = new ArrayList<>();
      List<FtpsClient> clients = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        FtpsClient client = Clients.login(server);
        clients.add(client);
        waiting.add(startVirtual(() -> ends.add(run(client::noop))));
      }
      for (FtpsClient client : clients) {
        while (!client.session().isBusy()) {
          Thread.sleep(1);
        }
      }
      CompletableFuture<String> other = new CompletableFuture<>();
      startVirtual(() -> other.complete(String.valueOf(run(() -> use(server)))));
      assertEquals("null", other.get(30, TimeUnit.SECONDS));
      for (Thread thread : waiting) {
        thread.interrupt();
      }
      for (int i = 0; i < count; i++) {
        assertInstanceOf(ClosedByInterruptException.class, ends.poll(30, TimeUnit.SECONDS));
      }
      clients.forEach(FtpsClient::close);
    }
  }

  @Test
  @EnabledForJreRange(min = JRE.JAVA_21)
  void plansOfVirtualThreadsThatWaitDoNotStopOthers(@TempDir Path folder) throws Exception {
    int count = 4 * Runtime.getRuntime().availableProcessors();
    BlockingQueue<Throwable> ends = new LinkedBlockingQueue<>();
    CountDownLatch stalled = new CountDownLatch(count);
    Files.createFile(folder.resolve("file"));
    try (TestServer server = TestServer.strict("--sample-files", "--fault=MFMT#*@reply=stall");
        FtpsPool pool = counted(server, "MFMT ", stalled).maximum(count).build();
        FtpsClient client = Clients.login(server)) {
      List<Thread> waiting = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        MirrorPlan plan = Mirror.upload(folder, "/" + i).plan(client);
        waiting.add(startVirtual(() -> ends.add(run(() -> plan.execute(pool, null)))));
      }
      assertTrue(stalled.await(30, TimeUnit.SECONDS));
      CompletableFuture<String> other = new CompletableFuture<>();
      startVirtual(() -> other.complete(String.valueOf(run(() -> use(server)))));
      assertEquals("null", other.get(30, TimeUnit.SECONDS));
      for (Thread thread : waiting) {
        thread.interrupt();
      }
      for (int i = 0; i < count; i++) {
        assertInstanceOf(ClosedByInterruptException.class, ends.poll(30, TimeUnit.SECONDS));
      }
    }
  }

  /** A pool, of which {@code count} counts the commands that begin so. */
  private static FtpsPool.Builder counted(TestServer server, String beginning, CountDownLatch count)
      throws IOException {
    DialogueListener listener =
        new DialogueListener() {
          @Override
          public void sent(String line) {
            if (line.startsWith(beginning)) {
              count.countDown();
            }
          }
        };
    FtpsClient.Builder builder = Clients.builder(server).dialogueListener(listener);
    return builder.pool(server.user(), server.password());
  }

  private static void use(TestServer server) throws Exception {
    try (FtpsClient client = Clients.login(server)) {
      client.list("");
      client.download("hello.txt").readAllBytes();
    }
  }

  private static Throwable run(Executable work) {
    try {
      work.execute();
      return null;
    } catch (Throwable e) {
      return e;
    }
  }

  /** By reflection, because the tests are compiled for Java 17. */
  private static Thread startVirtual(Runnable work) throws Exception {
    return (Thread) Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, work);
  }
}
