package org.libftps;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A program that does something many times, and tells what it holds when it has warmed up and at
 * the end: {@code descriptors}, {@code threads} and {@code kilobytes} of memory, a line each time.
 */
final class Cycles {
  /** What is done. */
  enum Kind {
    /** A client logs in. */
    LOGINS,
    /** A client logs in and transfers something. */
    TRANSFERS,
    /** A pool takes a tree over. */
    MIRRORS
  }

  private final FtpsClient.Builder builder;
  private final Kind kind;
  private final Path tree;
  private final AtomicInteger next = new AtomicInteger();

  private Cycles(FtpsClient.Builder builder, Kind kind, Path tree) {
    this.builder = builder;
    this.kind = kind;
    this.tree = tree;
  }

  /** Port, CA file, number of threads, number of cycles, their kind, and a local tree. */
  public static void main(String[] arguments) throws Exception {
    FtpsClient.Builder builder =
        FtpsClient.builder("127.0.0.1")
            .port(Integer.parseInt(arguments[0]))
            .jvmRoots(false)
            .extraRootsPem(Files.readAllBytes(Path.of(arguments[1])));
    int threads = Integer.parseInt(arguments[2]);
    int count = Integer.parseInt(arguments[3]);
    Cycles cycles = new Cycles(builder, Kind.valueOf(arguments[4]), Path.of(arguments[5]));
    cycles.run(threads, Math.max(count / 5, 2 * threads));
    report();
    cycles.run(threads, count);
    report();
  }

  private void run(int threads, int count) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<Void>> ends = new ArrayList<>();
    Callable<Void> cycle =
        () -> {
          int number = next.getAndIncrement();
          if (kind == Kind.MIRRORS) {
            mirror(number);
          } else {
            login(number);
          }
          return null;
        };
    for (int i = 0; i < count; i++) {
      ends.add(pool.submit(cycle));
    }
    for (Future<Void> end : ends) {
      end.get();
    }
    pool.shutdown();
  }

  /** Some clients say goodbye, most are closed, and a few are forgotten. */
  private void login(int number) throws IOException {
    FtpsClient client = builder.connect();
    client.login("user", "password");
    if (kind == Kind.TRANSFERS) {
      client.list("");
      client.download("hello.txt").readAllBytes();
      try (FtpsOutputStream out = client.upload("file-" + Thread.currentThread().getId())) {
        out.write(new byte[1000]);
      }
    }
    if (number % 100 == 0) {
      return;
    }
    if (number % 2 == 0) {
      client.quit();
    }
    client.close();
  }

  /** Some plans are stopped by their listener or aborted; a few pools and plans are forgotten. */
  private void mirror(int number) throws IOException {
    FtpsPool pool = builder.pool("user", "password").maximum(3).build();
    Mirror mirror = Mirror.upload(tree, "/tree-" + Thread.currentThread().getId());
    mirror.plan(pool);
    MirrorPlan plan = mirror.compare(Mirror.Compare.NOTHING).plan(pool);
    try {
      execute(plan, pool, number);
    } catch (ArithmeticException e) {
      // The listener's.
    }
    if (number % 50 != 0) {
      pool.close();
    }
  }

  private static void execute(MirrorPlan plan, FtpsPool pool, int number) throws IOException {
    MirrorReport report =
        plan.execute(
            pool,
            progress -> {
              if (number % 10 == 1) {
                throw new ArithmeticException();
              }
              if (number % 10 == 2) {
                plan.abort();
              }
            });
    if (number % 10 != 2 && !report.isComplete()) {
      throw new AssertionError(report.toString());
    }
  }

  private static void report() throws Exception {
    // The backstop's thread ends when it has closed the last client that was forgotten.
    for (int i = 0; isAlive("libftps-backstop"); i++) {
      if (i > 500) {
        throw new AssertionError("clients that were forgotten are not closed");
      }
      System.gc();
      Thread.sleep(20);
    }
    System.out.printf(
        "descriptors %d threads %d kilobytes %d%n",
        new File("/proc/self/fd").list().length,
        new File("/proc/self/task").list().length,
        memory());
  }

  private static boolean isAlive(String name) {
    return Thread.getAllStackTraces().keySet().stream().anyMatch(t -> t.getName().equals(name));
  }

  private static long memory() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
      if (line.startsWith("VmRSS:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new AssertionError("no VmRSS");
  }
}
