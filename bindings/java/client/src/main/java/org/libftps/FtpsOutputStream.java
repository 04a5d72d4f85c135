package org.libftps;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * A file that is being sent. {@link #close()} completes it, unless a write has failed; the file is
 * complete only when that returns.
 *
 * <p><b>Where what is sent fails, call {@link #abort()} before closing</b>: the stream cannot know
 * that its source has not reached the end, and a try-with-resources statement would close it as if
 * it had.
 *
 * <pre>{@code
 * try (FtpsOutputStream out = client.upload("report.csv")) {
 *   try {
 *     report.writeTo(out);
 *   } catch (Throwable e) {
 *     out.abort();
 *     throw e;
 *   }
 * }
 * }</pre>
 *
 * <p>Bytes are gathered to 128 KiB. One thread at a time may use it; {@link #abort()} may be called
 * by any.
 */
public final class FtpsOutputStream extends OutputStream {
  private final FtpsTransfer transfer;
  private final boolean finishesOnClose;
  private final ByteBuffer buffer;
  private volatile boolean aborted;
  private boolean failed;
  private boolean closed;

  FtpsOutputStream(FtpsTransfer transfer, boolean finishesOnClose) {
    this.transfer = transfer;
    this.finishesOnClose = finishesOnClose;
    this.buffer = transfer.buffer().duplicate();
    buffer.clear();
  }

  @Override
  public void write(int value) throws IOException {
    checkOpen();
    if (!buffer.hasRemaining()) {
      send();
    }
    buffer.put((byte) value);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (offset < 0 || length < 0 || length > bytes.length - offset) {
      throw new IndexOutOfBoundsException();
    }
    checkOpen();
    int position = offset;
    int rest = length;
    while (rest > 0) {
      if (!buffer.hasRemaining()) {
        send();
      }
      int count = Math.min(rest, buffer.remaining());
      buffer.put(bytes, position, count);
      position += count;
      rest -= count;
    }
  }

  /** Sends what was gathered. That it arrived is known only when {@link #close()} returns. */
  @Override
  public void flush() throws IOException {
    if (buffer.position() > 0 && !closed) {
      send();
    }
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
   * Gives the upload up, from any thread: the server does not take what has arrived for the whole
   * file. Closing the stream then does nothing.
   */
  public void abort() {
    aborted = true;
    transfer.abort();
  }

  /**
   * Sends what was gathered and completes the file, unless a write has failed or {@link #abort()}
   * was called, which has ended the transfer already.
   *
   * @throws IOException the file is not complete
   */
  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    try {
      if (!failed && !aborted) {
        flush();
        if (finishesOnClose) {
          transfer.finish();
        }
      }
    } finally {
      closed = true;
    }
  }

  private void send() throws IOException {
    checkOpen();
    int length = buffer.position();
    buffer.clear();
    failed = true;
    transfer.write(length);
    failed = false;
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw FtpsException.wrongState("the stream is closed");
    }
    if (failed || aborted) {
      throw FtpsException.wrongState("the upload has failed or was aborted");
    }
    if (transfer.isFinished()) {
      throw FtpsException.wrongState("this transfer is over");
    }
  }
}
