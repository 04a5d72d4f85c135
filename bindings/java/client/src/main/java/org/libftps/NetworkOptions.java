package org.libftps;

import java.net.InetAddress;
import java.time.Duration;

/**
 * Options of the way to the server. {@link FtpsClient.Builder} has them as its own.
 *
 * @param <B> the builder
 */
abstract class NetworkOptions<B> extends TlsOptions<B> {
  /**
   * The local address that connections come from, on a machine that has several. It is of the
   * family (IPv4, IPv6) of the server's address. In active mode the client listens on it too,
   * unless {@link ActiveMode#listenOn} says otherwise.
   *
   * @param address default: null, the system's choice
   * @return this
   */
  public B bindAddress(InetAddress address) {
    options.byteValue(50).bytes(LiveOptions.bytes(address));
    return self();
  }

  /**
   * TCP keep-alive on both connections: how long one is silent before the system asks whether the
   * peer is still there. It keeps firewalls from forgetting a control connection that is silent
   * during a long transfer.
   *
   * @param idle whole seconds, at least one; default: null, never
   * @return this
   */
  public B tcpKeepAlive(Duration idle) {
    if (idle != null && idle.getSeconds() < 1) {
      throw new IllegalArgumentException("less than a second: " + idle);
    }
    options.byteValue(51).longValue(idle == null ? 0 : idle.getSeconds());
    return self();
  }

  /**
   * The send buffer of data connections ({@code SO_SNDBUF}).
   *
   * @param bytes default: 0, which leaves it to the system, and the system fits it to the link
   * @return this
   */
  public B sendBuffer(int bytes) {
    return buffer(52, bytes);
  }

  /**
   * The receive buffer of data connections ({@code SO_RCVBUF}).
   *
   * @param bytes default: 0, which leaves it to the system, and the system fits it to the link
   * @return this
   */
  public B receiveBuffer(int bytes) {
    return buffer(53, bytes);
  }

  /**
   * Makes both connections through a proxy, in passive mode: with an active mode besides, {@code
   * connect} fails with {@code invalid-argument}. What the proxy refuses is {@code connect}.
   *
   * @param proxy default: null, none
   * @return this
   */
  public B proxy(FtpsProxy proxy) {
    options.byteValue(54).flag(proxy != null);
    if (proxy != null) {
      proxy.write(options);
    }
    return self();
  }

  /**
   * <b>INSECURE</b> where it is {@link DataProtection#CLEAR}: what protects files and listings.
   * With {@link ResumptionPolicy#REQUIRE}, which it contradicts, {@code connect} fails.
   *
   * @param protection default: {@link DataProtection#PRIVATE}
   * @return this
   */
  public B dataProtection(DataProtection protection) {
    options.byteValue(55).byteValue(protection.ordinal());
    return self();
  }

  private B buffer(int tag, int bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("not a size: " + bytes);
    }
    options.byteValue(tag).longValue(bytes);
    return self();
  }
}
