package org.libftps.commonsnet;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketImpl;

/**
 * What Commons Net holds in place of a socket. It never has a descriptor: the native client owns
 * the connections.
 *
 * <p>Options that only tune are taken and kept; those that would change what the connection does
 * are refused.
 */
abstract class AdapterSocket extends Socket {
  private final InetSocketAddress remote;
  private volatile int soTimeout;

  AdapterSocket(InetSocketAddress remote, int soTimeout) throws SocketException {
    super((SocketImpl) null);
    this.remote = remote;
    this.soTimeout = soTimeout;
  }

  @Override
  public abstract InputStream getInputStream();

  @Override
  public abstract OutputStream getOutputStream();

  @Override
  public abstract void close();

  @Override
  public abstract boolean isClosed();

  @Override
  public final boolean isConnected() {
    return true;
  }

  @Override
  public final boolean isBound() {
    return true;
  }

  @Override
  public final boolean isInputShutdown() {
    return isClosed();
  }

  @Override
  public final boolean isOutputShutdown() {
    return isClosed();
  }

  @Override
  public final InetAddress getInetAddress() {
    return remote.getAddress();
  }

  @Override
  public final int getPort() {
    return remote.getPort();
  }

  @Override
  public final SocketAddress getRemoteSocketAddress() {
    return remote;
  }

  @Override
  public final InetAddress getLocalAddress() {
    throw Refusals.of("getLocalAddress()", "the native client chooses it and does not tell it");
  }

  @Override
  public final int getLocalPort() {
    throw Refusals.of("getLocalPort()", "the native client chooses it and does not tell it");
  }

  @Override
  public final SocketAddress getLocalSocketAddress() {
    throw Refusals.of(
        "getLocalSocketAddress()", "the native client chooses it and does not tell it");
  }

  @Override
  public final void connect(SocketAddress endpoint) {
    connect(endpoint, 0);
  }

  @Override
  public final void connect(SocketAddress endpoint, int timeout) {
    throw Refusals.of("Socket.connect", "the native client has connected already");
  }

  @Override
  public final void bind(SocketAddress address) {
    throw Refusals.of("Socket.bind", "the native client has connected already");
  }

  @Override
  public final void setSoTimeout(int timeout) throws SocketException {
    if (timeout < 0) {
      throw new IllegalArgumentException("a timeout is not negative: " + timeout);
    }
    try {
      changeTimeout(timeout);
    } catch (IOException e) {
      throw (SocketException) new SocketException(e.getMessage()).initCause(e);
    }
    soTimeout = timeout;
  }

  /** Has the native client wait so many milliseconds from now on. */
  abstract void changeTimeout(int milliseconds) throws IOException;

  @Override
  public final int getSoTimeout() {
    return soTimeout;
  }

  @Override
  public final void setTcpNoDelay(boolean on) {
    if (!on) {
      throw Refusals.of("setTcpNoDelay(false)", "the native client always sends at once");
    }
  }

  @Override
  public final boolean getTcpNoDelay() {
    return true;
  }

  @Override
  public final void setKeepAlive(boolean on) {
    if (on) {
      throw Refusals.of("setKeepAlive(true)", "the native client has no option for TCP keep-alive");
    }
  }

  @Override
  public final boolean getKeepAlive() {
    return false;
  }

  @Override
  public final void setSoLinger(boolean on, int linger) {
    if (on) {
      throw Refusals.of("setSoLinger(true, ...)", "the native client decides how connections end");
    }
  }

  @Override
  public final int getSoLinger() {
    return -1;
  }

  @Override
  public final void setReceiveBufferSize(int size) {}

  @Override
  public final void setSendBufferSize(int size) {}

  @Override
  public final void shutdownInput() {
    throw Refusals.of("Socket.shutdownInput", "close the stream instead");
  }

  @Override
  public final void shutdownOutput() {
    throw Refusals.of("Socket.shutdownOutput", "close the stream instead");
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + "[" + remote + "]";
  }
}
