package org.libftps.commonsnet;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.ProtocolFamily;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.DatagramChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Lets no Java socket be made in this JVM, and knows who tried. For a JVM of its own: it cannot be
 * taken away again.
 */
public final class SocketGuard extends SelectorProvider {
  private static final List<String> ATTEMPTS = new CopyOnWriteArrayList<>();

  /** For the JVM, which makes one for the property below. */
  public SocketGuard() {}

  /** Channels are guarded where this is the command line's. */
  static String property() {
    return "-Djava.nio.channels.spi.SelectorProvider=" + SocketGuard.class.getName();
  }

  @SuppressWarnings("deprecation")
  static void install() throws IOException {
    Socket.setSocketImplFactory(() -> refused("Socket"));
    ServerSocket.setSocketFactory(() -> refused("ServerSocket"));
    DatagramSocket.setDatagramSocketImplFactory(() -> refused("DatagramSocket"));
  }

  /** Each with the stack that led to it. */
  static List<String> attempts() {
    return ATTEMPTS;
  }

  private static <T> T refused(String what) {
    StringBuilder attempt = new StringBuilder(what);
    StackWalker.getInstance().forEach(frame -> attempt.append("\n  at ").append(frame));
    ATTEMPTS.add(attempt.toString());
    throw new IllegalStateException("a " + what + " of Java's own");
  }

  @Override
  public DatagramChannel openDatagramChannel() {
    return refused("DatagramChannel");
  }

  @Override
  public DatagramChannel openDatagramChannel(ProtocolFamily family) {
    return refused("DatagramChannel");
  }

  @Override
  public Pipe openPipe() {
    return refused("Pipe");
  }

  @Override
  public AbstractSelector openSelector() {
    return refused("Selector");
  }

  @Override
  public ServerSocketChannel openServerSocketChannel() {
    return refused("ServerSocketChannel");
  }

  @Override
  public SocketChannel openSocketChannel() {
    return refused("SocketChannel");
  }
}
