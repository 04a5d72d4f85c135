package org.libftps.commonsnet;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The caller's source of an upload. When it fails the transfer is given up at once: Commons Net
 * closes the data connection on the way out, which the server would take for the end of the file.
 */
final class UploadSource extends FilterInputStream {
  private final Runnable abort;

  UploadSource(InputStream source, Runnable abort) {
    super(source);
    this.abort = abort;
  }

  @Override
  public int read() throws IOException {
    boolean taken = false;
    try {
      int single = super.read();
      taken = true;
      return single;
    } finally {
      abortUnless(taken);
    }
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    boolean taken = false;
    try {
      int count = super.read(buffer, offset, length);
      taken = true;
      return count;
    } finally {
      abortUnless(taken);
    }
  }

  private void abortUnless(boolean taken) {
    if (!taken) {
      abort.run();
    }
  }
}
