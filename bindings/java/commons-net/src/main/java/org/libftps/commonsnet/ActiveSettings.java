package org.libftps.commonsnet;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.libftps.ActiveMode;

/** Commons Net's words for active mode. */
final class ActiveSettings {
  private ActiveMode ports = new ActiveMode();
  private InetAddress listenOn;
  private InetAddress announced;

  /** Any port when {@code first} is 0. */
  void ports(int first, int last) {
    ActiveMode anyPort = new ActiveMode();
    ports = first == 0 ? anyPort : anyPort.ports(first, last);
  }

  void listenOn(String address) throws UnknownHostException {
    listenOn = resolved(address);
  }

  void announce(String address) throws UnknownHostException {
    announced = resolved(address);
  }

  /** {@code InetAddress} takes null for the loopback address, which no other machine reaches. */
  private static InetAddress resolved(String address) throws UnknownHostException {
    return address == null ? null : InetAddress.getByName(address);
  }

  ActiveMode mode(boolean verifiesPeer) {
    return ports.listenOn(listenOn).announcedAddress(announced).trustAnyPeer(!verifiesPeer);
  }
}
