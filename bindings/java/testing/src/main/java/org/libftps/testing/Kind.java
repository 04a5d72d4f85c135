package org.libftps.testing;

import java.util.Locale;

/** The real servers; {@code tests/servers} has how they are configured. */
public enum Kind {
  /** With {@code require_ssl_reuse}; its user may write into {@link TestServer#remoteHome()}. */
  VSFTPD,
  /** With mod_tls as it is by default, which demands reuse. */
  PROFTPD,
  /** It takes any data connection, and its log is silent about them. */
  PUREFTPD;

  String argument() {
    return name().toLowerCase(Locale.ROOT);
  }
}
