package org.libftps;

import java.util.Objects;

/**
 * A proxy that all connections of a client go through. It resolves the server's name, also for data
 * connections, and has to allow connections to the server's passive ports. TLS is between client
 * and server: the proxy sees names, addresses and amounts.
 *
 * <p>Immutable.
 */
public final class FtpsProxy {
  private final boolean isSocks;
  private final String host;
  private final int port;
  private final String user;
  private final String password;

  private FtpsProxy(boolean isSocks, String host, int port, String user, String password) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("not a port: " + port);
    }
    this.isSocks = isSocks;
    this.host = Objects.requireNonNull(host);
    this.port = port;
    this.user = user;
    this.password = password;
  }

  /**
   * A SOCKS5 proxy (RFC 1928).
   *
   * @param host the proxy's own
   * @param port usually 1080
   * @return the proxy, without credentials
   */
  public static FtpsProxy socks5(String host, int port) {
    return new FtpsProxy(true, host, port, null, null);
  }

  /**
   * An HTTP proxy that offers CONNECT (RFC 9110 section 9.3.6). The connection to the proxy itself
   * is in clear.
   *
   * @param host the proxy's own
   * @param port often 3128 or 8080
   * @return the proxy, without credentials
   */
  public static FtpsProxy httpConnect(String host, int port) {
    return new FtpsProxy(false, host, port, null, null);
  }

  /**
   * Who asks: by user and password of SOCKS5 (RFC 1929), 1 to 255 bytes each, or by {@code Basic}
   * of HTTP (RFC 7617), where the user has no colon. Both go to the proxy in clear, as UTF-8.
   *
   * @param user the user's name
   * @param password its password, shown nowhere
   * @return this proxy with those credentials
   */
  public FtpsProxy credentials(String user, String password) {
    Objects.requireNonNull(user);
    Objects.requireNonNull(password);
    return new FtpsProxy(isSocks, host, port, user, password);
  }

  /** As {@code options.rs} reads it. */
  void write(Wire.Writer options) {
    options.flag(isSocks).text(host).intValue(port).flag(user != null);
    if (user != null) {
      options.text(user).text(password);
    }
  }

  /** Without the credentials. */
  @Override
  public String toString() {
    return (isSocks ? "SOCKS5 proxy " : "HTTP proxy ") + host + ":" + port;
  }
}
