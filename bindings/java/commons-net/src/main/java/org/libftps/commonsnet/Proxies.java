package org.libftps.commonsnet;

import java.net.InetSocketAddress;
import java.net.Proxy;
import org.libftps.FtpsProxy;

/** Java's words for proxies. */
final class Proxies {
  private Proxies() {}

  static boolean isNone(Proxy proxy) {
    return proxy == null || proxy.type() == Proxy.Type.DIRECT;
  }

  /** Without credentials, which {@code java.net.Proxy} does not have. Null for none. */
  static FtpsProxy of(Proxy proxy) {
    if (isNone(proxy)) {
      return null;
    }
    InetSocketAddress address = (InetSocketAddress) proxy.address();
    return proxy.type() == Proxy.Type.SOCKS
        ? FtpsProxy.socks5(address.getHostString(), address.getPort())
        : FtpsProxy.httpConnect(address.getHostString(), address.getPort());
  }
}
