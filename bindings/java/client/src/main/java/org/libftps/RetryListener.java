package org.libftps;

import java.time.Duration;

/**
 * Sees each further attempt before it is made, on the thread that made the call; where that is a
 * virtual one, on a platform thread meanwhile, and while a {@link MirrorPlan} is executed, on
 * threads of the library's own.
 */
@FunctionalInterface
public interface RetryListener {
  /**
   * Another attempt is about to be made. What this throws ends the call and reaches the caller
   * unchanged.
   *
   * @param failure why the last one failed
   * @param attempt which one it is, from 1 on, since the transfer last came further
   * @param delay how long it waits
   * @param offset how many bytes of the file are known to have arrived; 0 for what is no transfer
   * @return false to forbid it: the failure is then the call's
   */
  boolean retry(FtpsException failure, int attempt, Duration delay, long offset);
}
