package org.libftps;

/** What protects data connections (PROT, RFC 4217 section 9). */
public enum DataProtection {
  /** TLS, tethered to the control connection. The default. */
  PRIVATE,
  /**
   * <b>INSECURE</b>: nothing. Whoever is in between can read and change every file and every
   * listing, and take what is uploaded. That a download was cut short shows only where the server
   * announces its size. What goes through it must be protected by other means.
   */
  CLEAR
}
