package org.libftps;

import java.lang.ref.PhantomReference;
import java.lang.ref.ReferenceQueue;
import java.util.HashSet;
import java.util.Set;

/**
 * Closes clients that were forgotten. Its thread runs only while clients are open, so that it keeps
 * no class loader alive for long.
 */
final class Backstop extends PhantomReference<FtpsClient> {
  private static final ReferenceQueue<FtpsClient> QUEUE = new ReferenceQueue<>();
  private static final Set<Backstop> OPEN = new HashSet<>();
  private static final long LINGER_MILLIS = 1000;
  private static boolean running;

  private final Session session;

  private Backstop(FtpsClient client, Session session) {
    super(client, QUEUE);
    this.session = session;
  }

  static Backstop watch(FtpsClient client, Session session) {
    synchronized (OPEN) {
      Backstop backstop = new Backstop(client, session);
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
        forgotten.session.close();
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
