package org.libftps;

import java.io.IOException;
import java.nio.channels.spi.AbstractInterruptibleChannel;

/**
 * Makes one native call end when its thread is interrupted: the JDK closes a channel on which an
 * interrupted thread waits, and this one's closing aborts the call.
 */
final class Interruption extends AbstractInterruptibleChannel {
  private final Runnable abort;

  private Interruption(Runnable abort) {
    this.abort = abort;
  }

  /**
   * Runs {@code call}, and {@code abort} when the thread is interrupted meanwhile; then it throws
   * {@code ClosedByInterruptException}.
   */
  static <T> T during(Runnable abort, VirtualThreads.Call<T> call) throws IOException {
    Interruption interruption = new Interruption(abort);
    boolean completed = false;
    try {
      interruption.begin();
      T result = VirtualThreads.run(call);
      completed = true;
      return result;
    } finally {
      interruption.end(completed);
    }
  }

  @Override
  protected void implCloseChannel() {
    abort.run();
  }
}
