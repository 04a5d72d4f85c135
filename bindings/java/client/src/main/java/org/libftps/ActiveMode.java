package org.libftps;

import java.net.InetAddress;

/**
 * Active mode (RFC 959 section 3.2): for each data connection the client listens, and the server
 * connects. For servers that offer no passive mode; the network in between has to let the server's
 * connections in. TLS is as in passive mode, and resumed.
 *
 * <p>Immutable: each method returns another value. {@code new ActiveMode()} listens on any free
 * port of this end's address of the control connection.
 */
public final class ActiveMode {
  final int firstPort;
  final int lastPort;
  final InetAddress listenOn;
  final InetAddress announced;
  final boolean anyPeer;

  /** Any free port, and this end's address of the control connection. */
  public ActiveMode() {
    this(0, 0, null, null, false);
  }

  private ActiveMode(
      int firstPort, int lastPort, InetAddress listenOn, InetAddress announced, boolean anyPeer) {
    this.firstPort = firstPort;
    this.lastPort = lastPort;
    this.listenOn = listenOn;
    this.announced = announced;
    this.anyPeer = anyPeer;
  }

  /**
   * The ports to listen on, those that a firewall lets through.
   *
   * @param first 1 to 65535; default: any free port
   * @param last not below {@code first}
   * @return this mode with those ports
   */
  public ActiveMode ports(int first, int last) {
    if (first < 1 || last > 65535 || first > last) {
      throw new IllegalArgumentException("not a range of ports: " + first + " to " + last);
    }
    return new ActiveMode(first, last, listenOn, announced, anyPeer);
  }

  /**
   * The address to listen on.
   *
   * @param address default: null, this end's address of the control connection
   * @return this mode with that address
   */
  public ActiveMode listenOn(InetAddress address) {
    return new ActiveMode(firstPort, lastPort, address, announced, anyPeer);
  }

  /**
   * The address to tell the server, where that is another: the outer one of a NAT that passes the
   * ports on as they are.
   *
   * @param address default: null, the address that is listened on
   * @return this mode with that address
   */
  public ActiveMode announcedAddress(InetAddress address) {
    return new ActiveMode(firstPort, lastPort, listenOn, address, anyPeer);
  }

  /**
   * Takes a data connection from any address. Whoever connects must still prove in TLS that it is
   * this server.
   *
   * @param trust default: false; a connection that does not come from the control connection's peer
   *     is closed, and waiting goes on
   * @return this mode, trusting or not
   */
  public ActiveMode trustAnyPeer(boolean trust) {
    return new ActiveMode(firstPort, lastPort, listenOn, announced, trust);
  }
}
