package org.libftps;

/** When TLS begins. */
public enum Security {
  /** After {@code AUTH TLS} (RFC 4217); port 21 by default. */
  EXPLICIT,
  /** At once; port 990 by default. */
  IMPLICIT
}
