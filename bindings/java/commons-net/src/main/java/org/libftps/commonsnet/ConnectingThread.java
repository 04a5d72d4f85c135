package org.libftps.commonsnet;

import java.io.IOException;
import java.net.SocketException;
import org.libftps.FtpsClient;

/**
 * Lets {@code disconnect} of another thread end a {@code connect}: there is no native client to
 * abort yet, so the thread is interrupted, and the interruption taken back.
 */
final class ConnectingThread {
  private Thread thread;
  private boolean isAbandoned;

  FtpsClient connect(FtpsClient.Builder builder) throws IOException {
    FtpsClient connected = null;
    IOException failure = null;
    begin();
    try {
      connected = builder.connect();
    } catch (IOException e) {
      failure = e;
    } finally {
      if (end()) {
        failure = new SocketException("disconnect() was called while connecting");
      }
    }
    if (failure != null) {
      if (connected != null) {
        connected.close();
      }
      throw failure;
    }
    return connected;
  }

  private synchronized void begin() {
    thread = Thread.currentThread();
    isAbandoned = false;
  }

  /** Whether the attempt was abandoned. */
  private synchronized boolean end() {
    thread = null;
    if (isAbandoned) {
      Thread.interrupted();
    }
    return isAbandoned;
  }

  /** Ends what another thread is waiting for in {@link #connect}. */
  synchronized void abandon() {
    if (thread != null && thread != Thread.currentThread()) {
      isAbandoned = true;
      thread.interrupt();
    }
  }
}
