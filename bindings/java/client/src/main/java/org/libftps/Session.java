package org.libftps;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Guards a native client: one call at a time, none after the end, a transfer's calls only while it
 * is the open one; and the native client is not freed while a call is inside it. The monitor is
 * held for moments only, never during a call.
 */
final class Session {
  private static final int BUFFER_BYTES = 128 * 1024;

  private final long number;
  private final Names names;

  // All four: guarded by this. What is open is known by a key, which does not keep the client from
  // being found forgotten.
  private boolean busy;
  private boolean closed;
  private Object open;
  private ByteBuffer spareBuffer;

  Session(long number, Names names) {
    this.number = number;
    this.names = names;
  }

  /** A call of a native function. */
  interface Call<T> {
    T on(long session) throws IOException;
  }

  /** A call outside transfers. */
  <T> T command(Call<T> call) throws IOException {
    enter(null);
    try {
      return interruptibly(call);
    } catch (Throwable e) {
      abortQuietly();
      throw e;
    } finally {
      leave(null);
    }
  }

  /** A call that opens the transfer with this key. */
  <T> T open(Object key, Call<T> call) throws IOException {
    return keepingOpen(null, key, call);
  }

  /** A call of the open transfer, which is over when it fails. */
  <T> T within(Object key, Call<T> call) throws IOException {
    return keepingOpen(key, key, call);
  }

  /** A call while {@code expected} is open, after which {@code key} is, unless it fails. */
  private <T> T keepingOpen(Object expected, Object key, Call<T> call) throws IOException {
    enter(expected);
    Object next = null;
    try {
      T result = interruptibly(call);
      next = key;
      return result;
    } finally {
      if (next == null) {
        abortQuietly();
      }
      leave(next);
    }
  }

  /** A call after which the open transfer is over, whatever its outcome. */
  <T> T last(Object key, Call<T> call) throws IOException {
    enter(key);
    try {
      return interruptibly(call);
    } finally {
      abortQuietly();
      leave(null);
    }
  }

  /** What an accessor reads. */
  byte[] facts() throws IOException {
    synchronized (this) {
      checkUsable();
      return Native.facts(number);
    }
  }

  /** Other options from now on, also while a transfer is open. */
  void change(byte[] options) throws IOException {
    synchronized (this) {
      checkUsable();
      Native.change(number, options);
    }
  }

  synchronized boolean isBusy() {
    return busy && !closed;
  }

  /** Ends what is under way, from any thread. */
  synchronized void abort() {
    if (closed) {
      return;
    }
    if (busy) {
      Native.cancel(number);
    } else if (open != null) {
      abortQuietly();
      open = null;
    }
  }

  /** Ends the transfer with this key, from any thread; does nothing when it is over. */
  synchronized void abort(Object key) {
    if (open == key) {
      abort();
    }
  }

  /** Frees the native client: now, or when the call that is inside it ends, which is cancelled. */
  synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    open = null;
    if (busy) {
      Native.cancel(number);
    } else {
      Native.free(number);
    }
  }

  /** A direct buffer for the payload of one transfer. */
  synchronized ByteBuffer takeBuffer() {
    ByteBuffer buffer = spareBuffer;
    spareBuffer = null;
    return buffer != null ? buffer : ByteBuffer.allocateDirect(BUFFER_BYTES);
  }

  /** Takes back a buffer that nobody reads or writes any more, for the next transfer. */
  synchronized void giveBuffer(ByteBuffer buffer) {
    spareBuffer = buffer;
  }

  byte[] encode(String text) throws FtpsException {
    return names.encode(text, "\"" + text + "\"");
  }

  /** Like {@link #encode(String)}, but keeps it out of the message. */
  byte[] encodeSecret(String text) throws FtpsException {
    return names.encode(text, "the password or account");
  }

  Names names() {
    return names;
  }

  Wire.Reader reader(byte[] bytes) {
    return new Wire.Reader(bytes, names);
  }

  String decode(byte[] bytes) {
    return names.decode(bytes);
  }

  private synchronized void enter(Object key) throws FtpsException {
    checkUsable();
    if (open != key) {
      throw FtpsException.wrongState(
          key == null
              ? "a transfer is open: finish or abort it before the next command"
              : "this transfer is over");
    }
    busy = true;
    if (open == null) {
      // An abort was meant for what was under way then.
      Native.reset(number);
    }
  }

  private synchronized void leave(Object key) {
    busy = false;
    open = key;
    if (closed) {
      open = null;
      Native.free(number);
    }
  }

  private void checkUsable() throws FtpsException {
    if (closed) {
      throw FtpsException.wrongState("the client was closed: make a new one");
    }
    if (busy) {
      throw FtpsException.wrongState(
          "another call is inside this client, of another thread or of the listener's caller: one at a"
              + " time");
    }
  }

  private <T> T interruptibly(Call<T> call) throws IOException {
    return Interruption.during(this::abort, () -> call.on(number));
  }

  /**
   * The transfer that is open on the other side, if there is one, must not look complete to the
   * server.
   */
  private void abortQuietly() {
    try {
      Native.abortTransfer(number);
    } catch (FtpsException e) {
      // The connection was never made, or is gone: there is nothing to abort.
    }
  }
}
