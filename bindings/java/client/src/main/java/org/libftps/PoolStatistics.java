package org.libftps;

import java.util.OptionalLong;

/** Counters of a pool. Immutable. */
public final class PoolStatistics {
  private final long open;
  private final long idle;
  private final long waiting;
  private final long serverLimit;
  private final long opened;
  private final long refused;
  private final long discarded;
  private final long foundDead;
  private final long expired;
  private final Statistics transfers;

  PoolStatistics(Wire.Reader reader) {
    open = reader.longValue();
    idle = reader.longValue();
    waiting = reader.longValue();
    serverLimit = reader.longValue();
    opened = reader.longValue();
    refused = reader.longValue();
    discarded = reader.longValue();
    foundDead = reader.longValue();
    expired = reader.longValue();
    transfers = new Statistics(reader);
  }

  /**
   * Connections now: lent, idle, or being opened.
   *
   * @return their number
   */
  public long open() {
    return open;
  }

  /**
   * Those of them that are idle.
   *
   * @return their number
   */
  public long idle() {
    return idle;
  }

  /**
   * Leases that wait for a connection.
   *
   * @return their number
   */
  public long waiting() {
    return waiting;
  }

  /**
   * How many connections the server takes.
   *
   * @return empty where it has refused none
   */
  public OptionalLong serverLimit() {
    return serverLimit < 0 ? OptionalLong.empty() : OptionalLong.of(serverLimit);
  }

  /**
   * Logins so far.
   *
   * @return their number
   */
  public long opened() {
    return opened;
  }

  /**
   * Connections that the server refused because it had enough.
   *
   * @return their number
   */
  public long refused() {
    return refused;
  }

  /**
   * Connections that were closed when they came back, because they were not fit for another.
   *
   * @return their number
   */
  public long discarded() {
    return discarded;
  }

  /**
   * Connections that had been idle and did not answer any more.
   *
   * @return their number
   */
  public long foundDead() {
    return foundDead;
  }

  /**
   * Connections that were idle for too long.
   *
   * @return their number
   */
  public long expired() {
    return expired;
  }

  /**
   * What the connections did. Those that are lent count once they are back.
   *
   * @return a sum
   */
  public Statistics transfers() {
    return transfers;
  }

  @Override
  public String toString() {
    return String.format(
        "open %d, idle %d, waiting %d, opened %d, refused %d, discarded %d, found dead %d, expired"
            + " %d; %s",
        open, idle, waiting, opened, refused, discarded, foundDead, expired, transfers);
  }
}
