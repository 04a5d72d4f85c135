package org.libftps;

import java.time.Duration;
import java.util.Objects;

/**
 * How often, and when, to try again what failed for a reason that may pass: a broken connection or
 * one that cannot be made, silence, and the replies 421, 425, 426 and 450.
 *
 * <p>Repeated are commands that only ask, the opening of a transfer, and whole local files, which
 * go on where they were cut off, once the bytes before that were compared. A command that changes
 * something is repeated only where it was refused: where its reply was lost, nobody knows whether
 * it was done. Where the control connection is lost the client connects and logs in again and
 * restores type, directory and options; for that the password is kept in memory.
 *
 * <p>Immutable: each method returns another value.
 */
public final class RetryPolicy {
  final int attempts;
  final Duration firstDelay;
  final Duration longestDelay;
  final RetryListener listener;

  /**
   * Waits a second at first and a minute at most.
   *
   * @param attempts at most so many more in a row; a transfer that comes further than before begins
   *     to count anew
   */
  public RetryPolicy(int attempts) {
    this(attempts, Duration.ofSeconds(1), Duration.ofMinutes(1), null);
  }

  private RetryPolicy(
      int attempts, Duration firstDelay, Duration longestDelay, RetryListener listener) {
    if (attempts < 0 || firstDelay.isNegative() || longestDelay.isNegative()) {
      throw new IllegalArgumentException("neither attempts nor delays are negative");
    }
    this.attempts = attempts;
    this.firstDelay = firstDelay;
    this.longestDelay = longestDelay;
    this.listener = listener;
  }

  /**
   * How long to wait, which counts into {@link FtpsClient.Builder#operationTimeout} and ends when
   * the client is aborted.
   *
   * @param first default: 1 s; each wait is twice as long as the one before
   * @param longest default: 60 s
   * @return the same with those delays
   */
  public RetryPolicy delays(Duration first, Duration longest) {
    return new RetryPolicy(
        attempts, Objects.requireNonNull(first), Objects.requireNonNull(longest), listener);
  }

  /**
   * Who sees each attempt before it is made, and may forbid it.
   *
   * @param listener default: null, nobody
   * @return the same with that listener
   */
  public RetryPolicy listener(RetryListener listener) {
    return new RetryPolicy(attempts, firstDelay, longestDelay, listener);
  }
}
