package org.libftps.testing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * What a server counted itself, of all its connections: the strict server's counters, a real
 * server's log.
 *
 * @param counters the numbers by name
 */
public record Account(Map<String, Long> counters) {
  /** Reads a line of {@code name=number} pairs. */
  static Account of(String line) {
    Map<String, Long> counters = new LinkedHashMap<>();
    for (String pair : line.split(" ")) {
      String[] parts = pair.split("=");
      counters.put(parts[0], Long.valueOf(parts[1]));
    }
    return new Account(Map.copyOf(counters));
  }

  /**
   * Gives a number by its name.
   *
   * @param name one that the server prints, for instance {@code data_connections}
   * @return how many
   * @throws NoSuchElementException if this server does not count that
   */
  public long get(String name) {
    Long number = counters.get(name);
    if (number == null) {
      throw new NoSuchElementException("no " + name + " among " + counters.keySet());
    }
    return number;
  }

  /**
   * Control connections with a completed TLS handshake.
   *
   * @return how many
   */
  public long controlHandshakes() {
    return get("control_handshakes");
  }

  /**
   * Data connections that resumed a session: on the strict server, of their own control connection.
   *
   * @return how many
   */
  public long resumed() {
    return get(counters.containsKey("data_same_session") ? "data_same_session" : "data_resumed");
  }

  /**
   * Data connections with a full handshake.
   *
   * @return how many
   */
  public long full() {
    return get("data_full");
  }

  /**
   * Data connections that were turned away.
   *
   * @return how many
   */
  public long refused() {
    return get("data_refused");
  }
}
