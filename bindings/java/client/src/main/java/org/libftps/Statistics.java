package org.libftps;

/**
 * Counters of one client since it was connected, over all its logins, or a sum of such. Immutable.
 */
public final class Statistics {
  private static final int COUNTERS = 8;

  private static final Statistics NONE = new Statistics(new long[COUNTERS]);

  private final long[] counts;

  private Statistics(long[] counts) {
    this.counts = counts;
  }

  Statistics(Wire.Reader reader) {
    this(reader.longs(COUNTERS));
  }

  /**
   * What sums begin with.
   *
   * @return all counters are 0
   */
  public static Statistics none() {
    return NONE;
  }

  /**
   * Adds the counters of another client.
   *
   * @param other its statistics
   * @return the sum
   */
  public Statistics plus(Statistics other) {
    return combined(other, 1);
  }

  /**
   * What was counted since an earlier reading.
   *
   * @param earlier statistics of the same client
   * @return the difference
   */
  public Statistics minus(Statistics earlier) {
    return combined(earlier, -1);
  }

  private Statistics combined(Statistics other, int sign) {
    long[] result = new long[counts.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = counts[i] + sign * other.counts[i];
    }
    return new Statistics(result);
  }

  /**
   * Data connections that stood, those with TLS after its handshake.
   *
   * @return their number
   */
  public long dataConnections() {
    return counts[0];
  }

  /**
   * Data connections that resumed the control connection's session.
   *
   * @return their number
   */
  public long resumed() {
    return counts[1];
  }

  /**
   * Data connections with a full handshake.
   *
   * @return their number
   */
  public long full() {
    return counts[2];
  }

  /**
   * TLS sessions and tickets that the server gave.
   *
   * @return their number
   */
  public long ticketsReceived() {
    return counts[3];
  }

  /**
   * Data connections that offered a session or ticket.
   *
   * @return their number
   */
  public long ticketsOffered() {
    return counts[4];
  }

  /**
   * Offers of a session or ticket that had been offered before.
   *
   * @return their number
   */
  public long ticketsReoffered() {
    return counts[5];
  }

  /**
   * Silent re-logins.
   *
   * @return their number
   */
  public long relogins() {
    return counts[6];
  }

  /**
   * Data connections in clear ({@link DataProtection#CLEAR}).
   *
   * @return their number
   */
  public long clear() {
    return counts[7];
  }

  @Override
  public String toString() {
    return String.format(
        "data connections %d, resumed %d, full %d, tickets received %d, offered %d, re-offered %d,"
            + " re-logins %d, in clear %d",
        counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6], counts[7]);
  }
}
