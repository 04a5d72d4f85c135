package org.libftps.commonsnet;

import java.io.IOException;
import java.io.InputStream;

/**
 * Reads a download. Its end is told only when the server has confirmed it: a file that was cut, or
 * a refusal of the data connection, is an exception.
 */
final class TransferInputStream extends InputStream {
  private final PendingTransfer transfer;

  TransferInputStream(PendingTransfer transfer) {
    this.transfer = transfer;
  }

  @Override
  public int read() throws IOException {
    byte[] single = new byte[1];
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    return length == 0 ? 0 : transfer.read(buffer, offset, length);
  }

  /**
   * Ends the transfer when all was read, and gives it up otherwise. A caller that knew the size has
   * read all without having seen the end: one more read tells.
   */
  @Override
  public void close() {
    if (transfer.isOver()) {
      return;
    }
    try {
      read();
    } catch (IOException e) {
      // Kept by the transfer, for completePendingCommand.
    } finally {
      transfer.abort();
    }
  }
}
