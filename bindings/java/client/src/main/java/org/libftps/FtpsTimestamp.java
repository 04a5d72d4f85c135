package org.libftps;

import java.time.Instant;

/** A point in time as a server told it. Immutable. */
public final class FtpsTimestamp {
  /** How exact a time is. */
  public enum Precision {
    /** Only the day is known: {@code ls} of a file older than half a year. */
    DAY,
    /** To the minute: {@code ls} of a newer file, DOS listings. */
    MINUTE,
    /** To the second: MDTM, MLSx and some listings. */
    SECOND,
    /** Finer than a second: MDTM and MLSx with a fraction, {@code ls --full-time}, OpenVMS. */
    SUBSECOND
  }

  private final Instant instant;
  private final Precision precision;
  private final boolean utc;

  FtpsTimestamp(Instant instant, Precision precision, boolean utc) {
    this.instant = instant;
    this.precision = precision;
    this.utc = utc;
  }

  /**
   * The point in time. Where {@link #isUtc()} is false, the server's local time was counted as if
   * it were UTC.
   *
   * @return never null
   */
  public Instant instant() {
    return instant;
  }

  /**
   * How exact it is; what lies below is 0.
   *
   * @return never null
   */
  public Precision precision() {
    return precision;
  }

  /**
   * Whether the time zone is known.
   *
   * @return true for MDTM and MLSx, which are in UTC (RFC 3659 section 2.3), for EPLF and {@code ls
   *     --full-time}; false for other listings, whose time zone the server does not tell
   */
  public boolean isUtc() {
    return utc;
  }

  @Override
  public String toString() {
    return utc ? instant.toString() : instant.toString().replace("Z", " local");
  }
}
