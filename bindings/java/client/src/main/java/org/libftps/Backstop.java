package org.libftps;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.HashSet;
import java.util.Set;

/**
 * Closes clients, pools and plans that were forgotten. Its thread runs only while there are some,
 * so that it keeps no class loader alive for long.
 */
final class Backstop extends PhantomReference<Object> {
  private static final ReferenceQueue<Object> QUEUE = new ReferenceQueue<>();
  private static final Set<Backstop> OPEN = new HashSet<>();
  private static final long LINGER_MILLIS = 1000;
  private static boolean running;

  private final Runnable close;

  private Backstop(Object watched, Runnable close) {
    super(watched, QUEUE);
    this.close = close;
  }

  /** Runs {@code close}, which must not know {@code watched}, when that was forgotten. */
  static Backstop watch(Object watched, Runnable close) {
    synchronized (OPEN) {
      Backstop backstop = new Backstop(watched, close);
      OPEN.add(backstop);
      if (!running) {
        start();
      }
      return backstop;
    }
  }

  void closed() {
    synchronized (OPEN) {
      OPEN.remove(this);
    }
  }

  private static void start() {
    Thread thread = new Thread(Backstop::run, "libftps-backstop");
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
    running = true;
  }

  private static void run() {
    while (true) {
      Backstop forgotten = next();
      if (forgotten != null) {
        forgotten.close.run();
        forgotten.closed();
      }
      synchronized (OPEN) {
        if (forgotten == null && OPEN.isEmpty()) {
          running = false;
          return;
        }
      }
    }
  }

  /** Null after a while. */
  private static Backstop next() {
    try {
      return (Backstop) QUEUE.remove(LINGER_MILLIS);
    } catch (InterruptedException e) {
      // Nobody has a reason to interrupt this thread.
      return null;
    }
  }
}
