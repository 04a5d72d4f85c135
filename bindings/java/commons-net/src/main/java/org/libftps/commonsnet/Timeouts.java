package org.libftps.commonsnet;

import java.time.Duration;

/** Commons Net's timeouts, where 0 is none, as the native client's, where no wait is endless. */
final class Timeouts {
  private static final Duration CONNECTING = Duration.ofSeconds(30);
  private static final Duration WAITING = Duration.ofSeconds(60);

  private Timeouts() {}

  /** For name resolution, the TCP connection and the TLS handshake. */
  static Duration ofConnecting(int milliseconds) {
    return orDefault(Duration.ofMillis(milliseconds), CONNECTING);
  }

  /** For a reply. */
  static Duration ofReplies(int milliseconds) {
    return orDefault(Duration.ofMillis(milliseconds), WAITING);
  }

  /** For a data connection's silence. */
  static Duration ofData(Duration timeout) {
    return orDefault(timeout, WAITING);
  }

  /** For silence before a NOOP; null is never. */
  static Duration ofKeepAlive(Duration timeout) {
    return orDefault(timeout, null);
  }

  private static Duration orDefault(Duration timeout, Duration byDefault) {
    return timeout.isNegative() || timeout.isZero() ? byDefault : timeout;
  }
}
