package org.libftps;

/** What to do about data connections that do not resume the control connection's TLS session. */
public enum ResumptionPolicy {
  /**
   * Offer the control session; go on with a full handshake where the server declines it. The server
   * must then present the certificate of the control connection. The default.
   */
  PREFER,
  /**
   * A data connection that did not resume is an error before any payload byte is sent; where there
   * is nothing to offer, before the transfer command is sent.
   */
  REQUIRE,
  /** Offer nothing. */
  OFF
}
