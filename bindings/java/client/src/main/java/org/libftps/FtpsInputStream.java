package org.libftps;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * A file that is being received. It is complete only when its end (-1) was read: where the server
 * does not confirm that, the read at the end throws. Closing it before its end aborts the transfer,
 * without an exception.
 *
 * <p>One thread at a time may use it; {@link #abort()} may be called by any.
 */
public final class FtpsInputStream extends InputStream {
  private final FtpsTransfer transfer;
  private final boolean finishesAtEnd;
  private final ByteBuffer buffer;
  private boolean ended;
  private boolean closed;

  FtpsInputStream(FtpsTransfer transfer, boolean finishesAtEnd) {
    this.transfer = transfer;
    this.finishesAtEnd = finishesAtEnd;
    // A view: the position is this stream's own.
    this.buffer = transfer.buffer().duplicate();
    buffer.limit(0);
  }

  @Override
  public int read() throws IOException {
    return fill() ? buffer.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (offset < 0 || length < 0 || length > bytes.length - offset) {
      throw new IndexOutOfBoundsException();
    }
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, buffer.remaining());
    buffer.get(bytes, offset, count);
    return count;
  }

  /** Bytes that can be read without waiting. */
  @Override
  public int available() {
    return buffer.remaining();
  }

  /**
   * Whether the data connection resumed the control connection's TLS session.
   *
   * @return false where it was a full handshake
   */
  public boolean isResumed() {
    return transfer.isResumed();
  }

  /**
   * Gives the transfer up, from any thread: a read that waits fails with kind {@code cancelled}.
   */
  public void abort() {
    transfer.abort();
  }

  /** Closes the stream. Before its end this aborts the transfer. */
  @Override
  public void close() {
    closed = true;
    buffer.limit(0);
    if (!ended) {
      transfer.abort();
    }
  }

  /** False at the end. */
  private boolean fill() throws IOException {
    if (closed) {
      throw FtpsException.wrongState("the stream is closed");
    }
    if (ended) {
      return false;
    }
    if (transfer.isFinished()) {
      throw FtpsException.wrongState("this transfer is over");
    }
    if (buffer.hasRemaining()) {
      return true;
    }
    int count = transfer.read();
    if (count == 0) {
      if (finishesAtEnd) {
        transfer.finish();
      }
      ended = true;
      return false;
    }
    buffer.position(0).limit(count);
    return true;
  }
}
