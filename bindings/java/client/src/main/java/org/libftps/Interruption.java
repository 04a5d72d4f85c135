package org.libftps;

import java.io.IOException;
import java.nio.channels.spi.AbstractInterruptibleChannel;

/**
 * Makes one native call end when its thread is interrupted: the JDK closes a channel on which an
 * interrupted thread waits, and this one's closing aborts the call.
 */
final class Interruption extends AbstractInterruptibleChannel {
  private final Runnable abort;

  Interruption(Runnable abort) {
    this.abort = abort;
  }

  void begins() {
    begin();
  }

  /** Throws {@code ClosedByInterruptException} when the thread was interrupted. */
  void ended(boolean completed) throws IOException {
    end(completed);
  }

  @Override
  protected void implCloseChannel() {
    abort.run();
  }
}
