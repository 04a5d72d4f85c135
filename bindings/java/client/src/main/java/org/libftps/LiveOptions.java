package org.libftps;

import java.net.InetAddress;
import java.time.Duration;

/**
 * Options that a connected client has too, as {@code options.rs} reads them: a tag, then the value.
 */
final class LiveOptions {
  static final int CONNECT_TIMEOUT = 10;
  static final int REPLY_TIMEOUT = 11;
  static final int DATA_TIMEOUT = 12;
  static final int OPERATION_TIMEOUT = 13;

  private static final int ACTIVE_MODE = 7;
  private static final int LISTING = 8;
  private static final int KEEP_ALIVE = 41;
  private static final int RATE_LIMITS = 42;
  private static final int LINE_ENDS = 43;

  /** Longer than anybody waits, and still a number of nanoseconds. */
  private static final Duration LONGEST = Duration.ofDays(3650);

  private static final byte[] NONE = {};

  private LiveOptions() {}

  /** Adds a timeout; null is none. */
  static Wire.Writer timeout(Wire.Writer options, int tag, Duration timeout) {
    if (timeout != null && timeout.isNegative()) {
      throw new IllegalArgumentException("a timeout is not negative: " + timeout);
    }
    return options.byteValue(tag).longValue(nanoseconds(timeout == null ? LONGEST : timeout));
  }

  /** Adds an interval; null is never. */
  static Wire.Writer keepAlive(Wire.Writer options, Duration interval) {
    if (interval != null && (interval.isNegative() || interval.isZero())) {
      throw new IllegalArgumentException("an interval is longer than nothing: " + interval);
    }
    return options.byteValue(KEEP_ALIVE).longValue(interval == null ? 0 : nanoseconds(interval));
  }

  /** Longer than ten years is as good as for ever. */
  static long nanoseconds(Duration time) {
    return (time.compareTo(LONGEST) < 0 ? time : LONGEST).toNanos();
  }

  /** Adds a mode; null is passive mode. */
  static Wire.Writer activeMode(Wire.Writer options, ActiveMode mode) {
    options.byteValue(ACTIVE_MODE).flag(mode != null);
    if (mode == null) {
      return options;
    }
    return options
        .intValue(mode.firstPort)
        .intValue(mode.lastPort)
        .bytes(bytes(mode.listenOn))
        .bytes(bytes(mode.announced))
        .flag(mode.anyPeer);
  }

  /** Adds how directories are listed. */
  static Wire.Writer listing(Wire.Writer options, ListingOptions listing) {
    boolean isClockKnown = listing.serverClock != null;
    return options
        .byteValue(LISTING)
        .byteValue(listing.command.ordinal())
        .byteValue(listing.format.ordinal())
        .text(listing.arguments)
        .flag(isClockKnown)
        .longValue(isClockKnown ? listing.serverClock.getSeconds() : 0);
  }

  /** Adds limits; 0 is none. */
  static Wire.Writer rateLimits(Wire.Writer options, long download, long upload) {
    if (download < 0 || upload < 0) {
      throw new IllegalArgumentException("a rate is not negative: " + download + ", " + upload);
    }
    return options.byteValue(RATE_LIMITS).longValue(download).longValue(upload);
  }

  /** Adds what ends a line. */
  static Wire.Writer lineEnds(Wire.Writer options, LineEnds lineEnds) {
    return options.byteValue(LINE_ENDS).byteValue(lineEnds.ordinal());
  }

  /** The bytes of an address; null has none. */
  static byte[] bytes(InetAddress address) {
    return address == null ? NONE : address.getAddress();
  }
}
