package org.libftps.commonsnet;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes an upload. Closing it says that the file is complete, and waits for the server to agree.
 */
final class TransferOutputStream extends OutputStream {
  private final PendingTransfer transfer;

  TransferOutputStream(PendingTransfer transfer) {
    this.transfer = transfer;
  }

  @Override
  public void write(int single) throws IOException {
    write(new byte[] {(byte) single}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    transfer.write(bytes, offset, length);
  }

  @Override
  public void close() throws IOException {
    transfer.finish();
  }
}
