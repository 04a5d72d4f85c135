package org.libftps;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.function.Executable;

/** A thread that is inside a native call that does not come to an end by itself. */
final class Waiting {
  final Thread thread;
  volatile boolean interrupted;
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

  Waiting(Executable call) throws InterruptedException {
    thread = new Thread(() -> failure.complete(run(call)));
    thread.start();
    while (!isInNativeCall()) {
      Thread.sleep(1);
    }
    // Long enough to be waiting; also if it were not, the promise holds.
    Thread.sleep(50);
  }

  Throwable failure() throws Exception {
    return failure.get(30, TimeUnit.SECONDS);
  }

  private Throwable run(Executable call) {
    try {
      call.execute();
      return null;
    } catch (Throwable e) {
      interrupted = Thread.interrupted();
      return e;
    }
  }

  private boolean isInNativeCall() {
    StackTraceElement[] stack = thread.getStackTrace();
    return stack.length > 0 && stack[0].getClassName().equals(Native.class.getName());
  }
}
