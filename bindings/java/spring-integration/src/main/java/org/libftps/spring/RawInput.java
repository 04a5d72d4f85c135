package org.libftps.spring;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * A raw read that knows whether it has come to the end of the file. A caller that knew the size has
 * read everything without having seen the end: closing looks.
 */
final class RawInput extends FilterInputStream {
  private boolean whole;
  private boolean closed;

  RawInput(InputStream stream) {
    super(stream);
  }

  /** Whether the end was seen. */
  boolean isWhole() {
    return whole;
  }

  @Override
  public int read() throws IOException {
    int single = super.read();
    whole |= single < 0;
    return single;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = super.read(buffer, offset, length);
    whole |= count < 0;
    return count;
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      if (!whole) {
        read();
      }
    } catch (IOException e) {
      // The client keeps it, and throws it when the session finalizes the read.
    } finally {
      super.close();
    }
  }
}
