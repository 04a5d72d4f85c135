package org.libftps;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An open transfer of any verb. It ends with {@link #finish()}, which tells whether it is complete;
 * closing it without that aborts it: the data connection is reset, so that the server cannot take a
 * part for the whole. After an exception it is over.
 *
 * <p>One thread at a time may use it; {@link #abort()} may be called by any.
 */
public final class FtpsTransfer implements AutoCloseable {
  private final Commands client;
  private final Session session;
  private final Object key = new Object();
  private final ByteBuffer buffer;
  private final Direction direction;
  private final boolean resumed;
  private FtpsInputStream input;
  private FtpsOutputStream output;
  private volatile boolean finished;

  FtpsTransfer(Commands client, Direction direction, byte[] verb, byte[] argument, long offset)
      throws IOException {
    this.client = client;
    this.session = client.session();
    this.direction = direction;
    boolean upload = direction == Direction.UPLOAD;
    this.resumed =
        session.open(
            key,
            number ->
                Native.openTransfer(number, client.upcalls(), upload, verb, argument, offset));
    this.buffer = session.takeBuffer();
  }

  /**
   * Which way the payload goes.
   *
   * @return never null
   */
  public Direction direction() {
    return direction;
  }

  /**
   * Whether the data connection resumed the control connection's TLS session when it was opened.
   *
   * @return false where it was a full handshake
   */
  public boolean isResumed() {
    return resumed;
  }

  /**
   * The payload of a download. Its end (-1) does not say that the download is complete: {@link
   * #finish()} does. Closing it before its end aborts the transfer.
   *
   * @return the same stream each time
   * @throws IllegalStateException this is an upload
   */
  public FtpsInputStream inputStream() {
    if (direction != Direction.DOWNLOAD) {
      throw new IllegalStateException("an upload has no input stream");
    }
    if (input == null) {
      input = new FtpsInputStream(this, false);
    }
    return input;
  }

  /**
   * Where the payload of an upload goes. Closing it writes what is buffered; {@link #finish()} ends
   * the file.
   *
   * @return the same stream each time
   * @throws IllegalStateException this is a download
   */
  public FtpsOutputStream outputStream() {
    if (direction != Direction.UPLOAD) {
      throw new IllegalStateException("a download has no output stream");
    }
    if (output == null) {
      output = new FtpsOutputStream(this, false);
    }
    return output;
  }

  /**
   * Payload bytes that have moved; what is still in a stream's buffer counts as moved for downloads
   * and not for uploads.
   *
   * @return bytes
   * @throws FtpsException {@code wrong-state} when the transfer is over
   */
  public long bytesMoved() throws IOException {
    return session.within(key, Native::bytesMoved);
  }

  /**
   * Ends the transfer: an upload's payload is complete, a download's end is confirmed; the server
   * has to agree. The transfer is over afterwards, whatever the outcome.
   *
   * @return the server's 2xx
   * @throws FtpsException the transfer is not complete; {@code wrong-state} also for a download
   *     with unread payload, which is aborted, and for a transfer that is over
   */
  public FtpsReply finish() throws IOException {
    if (input != null && input.available() > 0) {
      abort();
      throw FtpsException.wrongState(
          "the download was finished before its end, and is aborted: read on until -1 comes");
    }
    if (output != null) {
      output.flush();
    }
    finished = true;
    byte[] reply = session.last(key, number -> Native.finish(number, client.upcalls()));
    session.giveBuffer(buffer);
    return session.reader(reply).reply();
  }

  /**
   * Ends a download of which the caller has enough, and waits until the connection is fit for the
   * next command. {@link #abort()} leaves the waiting to the next command.
   *
   * @throws IOException the server did not answer
   */
  public void stop() throws IOException {
    finished = true;
    session.last(
        key,
        number -> {
          Native.stopTransfer(number, client.upcalls());
          return null;
        });
    session.giveBuffer(buffer);
  }

  /**
   * For pauses between reading or writing: sends NOOP where the control connection has been silent
   * for the interval of {@link FtpsClient.Builder#keepAlive}, and does nothing otherwise. Its reply
   * is not waited for.
   *
   * @throws IOException the server is not there; the transfer is over
   */
  public void keepAlive() throws IOException {
    byte[] nothing = {};
    int operation = Operation.KEEP_ALIVE.ordinal();
    session.within(
        key, number -> Native.perform(number, client.upcalls(), operation, nothing, nothing));
  }

  /** Gives the transfer up, from any thread. Does nothing when it is over. */
  public void abort() {
    session.abort(key);
  }

  /** Gives the transfer up, unless {@link #finish()} has ended it. */
  @Override
  public void close() {
    abort();
  }

  /** After it the buffer may be another transfer's. */
  boolean isFinished() {
    return finished;
  }

  ByteBuffer buffer() {
    return buffer;
  }

  /** Fills the buffer from its beginning; 0 is the end. */
  int read() throws IOException {
    return session.within(
        key, number -> Native.read(number, client.upcalls(), buffer, 0, buffer.capacity()));
  }

  /** Sends the first {@code length} bytes of the buffer. */
  void write(int length) throws IOException {
    session.within(
        key,
        number -> {
          Native.write(number, client.upcalls(), buffer, 0, length);
          return null;
        });
  }
}
