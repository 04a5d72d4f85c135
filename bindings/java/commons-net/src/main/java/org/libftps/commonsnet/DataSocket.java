package org.libftps.commonsnet;

import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketException;

/** Stands for a data connection: streams over a native transfer. */
final class DataSocket extends AdapterSocket {
  private final PendingTransfer transfer;

  DataSocket(PendingTransfer transfer, InetSocketAddress remote, int soTimeout)
      throws SocketException {
    super(remote, soTimeout);
    this.transfer = transfer;
  }

  @Override
  public InputStream getInputStream() {
    return new TransferInputStream(transfer);
  }

  @Override
  public OutputStream getOutputStream() {
    return new TransferOutputStream(transfer);
  }

  /**
   * Gives up a transfer that its stream has not ended. A transfer that has ended is left as it is.
   */
  @Override
  public void close() {
    transfer.abort();
  }

  @Override
  public boolean isClosed() {
    return transfer.isOver();
  }
}
