package org.libftps.commonsnet;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketException;
import org.libftps.FtpsClient;

/**
 * Stands for the control connection, so that inherited methods find an address, a port and a state.
 */
final class ControlSocket extends AdapterSocket {
  private final FtpsClient client;

  ControlSocket(FtpsClient client, InetSocketAddress remote, int soTimeout) throws SocketException {
    super(remote, soTimeout);
    this.client = client;
  }

  @Override
  public InputStream getInputStream() {
    throw Refusals.of(
        "the control connection's input stream", "the native client reads the replies");
  }

  @Override
  public OutputStream getOutputStream() {
    throw Refusals.of(
        "the control connection's output stream", "the native client sends the commands");
  }

  @Override
  void changeTimeout(int milliseconds) throws IOException {
    client.setReplyTimeout(Timeouts.ofReplies(milliseconds));
  }

  /** Does nothing: {@link NativeFTPSClient#disconnect} closes the native client. */
  @Override
  public void close() {}

  @Override
  public boolean isClosed() {
    return !client.isUsable();
  }
}
