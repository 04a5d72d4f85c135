package org.libftps.commonsnet;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import org.libftps.FtpsClient;

/** Stands for a data connection: streams over a native transfer. */
final class DataSocket extends AdapterSocket {
  private final FtpsClient client;
  private final PendingTransfer transfer;

  DataSocket(FtpsClient client, PendingTransfer transfer, InetSocketAddress remote, int soTimeout)
      throws SocketException {
    super(remote, soTimeout);
    this.client = client;
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

  @Override
  void changeTimeout(int milliseconds) throws IOException {
    client.setDataTimeout(Timeouts.ofData(Duration.ofMillis(milliseconds)));
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
