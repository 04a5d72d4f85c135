package com.example.payments.ftps;

import org.springframework.core.io.Resource;

/**
 * The server and who we are there.
 *
 * @param certificateAuthority certificates to trust (PEM); null for those that the JVM trusts
 */
public record FtpsAccount(
    String host, int port, String username, String password, Resource certificateAuthority) {
  /** Without the password: an account may come into a log. */
  @Override
  public String toString() {
    return "%s at %s:%d".formatted(username, host, port);
  }
}
