package org.libftps;

/** A version of TLS. There are no older ones here. */
public enum TlsVersion {
  /** TLS 1.2 (RFC 5246), with AEAD cipher suites. */
  V1_2,
  /** TLS 1.3 (RFC 8446). */
  V1_3
}
