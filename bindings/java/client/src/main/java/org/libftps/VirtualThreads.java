package org.libftps;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Hands the calls of virtual threads to platform threads: a native call that waits would hold its
 * carrier thread, and as many of them as there are processors would stop all virtual threads.
 */
final class VirtualThreads {
  /** {@code Thread.isVirtual}, which is missing before Java 21. */
  private static final MethodHandle IS_VIRTUAL = find();

  /**
   * Its threads end after a second without work, so that they keep no class loader alive for long.
   */
  private static final Executor PLATFORM_THREADS =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          1,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          work -> {
            Thread thread = new Thread(work, "libftps-call");
            thread.setDaemon(true);
            thread.setContextClassLoader(null);
            return thread;
          });

  private VirtualThreads() {}

  interface Call<T> {
    T run() throws IOException;
  }

  /** Runs {@code call} here, or on a platform thread if this one is virtual. */
  static <T> T run(Call<T> call) throws IOException {
    return isCurrent() ? handOver(call) : call.run();
  }

  /** An interrupt does not end the waiting, but aborts the call for which it waits. */
  private static <T> T handOver(Call<T> call) throws IOException {
    FutureTask<T> task = new FutureTask<>(call::run);
    PLATFORM_THREADS.execute(task);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw unwrapped(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** What the call threw; anything unchecked is thrown at once. */
  private static IOException unwrapped(Throwable thrown) {
    if (thrown instanceof IOException) {
      return (IOException) thrown;
    }
    throw Unchanged.thrown(thrown);
  }

  private static boolean isCurrent() {
    if (IS_VIRTUAL == null) {
      return false;
    }
    try {
      return (boolean) IS_VIRTUAL.invokeExact(Thread.currentThread());
    } catch (Throwable impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static MethodHandle find() {
    try {
      MethodType type = MethodType.methodType(boolean.class);
      return MethodHandles.publicLookup().findVirtual(Thread.class, "isVirtual", type);
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }
}
