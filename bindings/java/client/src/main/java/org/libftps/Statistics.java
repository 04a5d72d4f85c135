package org.libftps;

/** Counters of one client since it was connected, over all its logins. Immutable. */
public final class Statistics {
  private final long[] counts;

  Statistics(long[] counts) {
    this.counts = counts;
  }

  /**
   * Data connections whose TLS handshake was completed.
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

  @Override
  public String toString() {
    return String.format(
        "data connections %d, resumed %d, full %d, tickets received %d, offered %d, re-offered %d,"
            + " re-logins %d",
        counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], counts[6]);
  }
}
