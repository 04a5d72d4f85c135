package org.libftps;

/**
 * Hears how a transfer of a whole file gets on, on the thread that made the call; where that is a
 * virtual one, on a platform thread meanwhile.
 */
@FunctionalInterface
public interface ProgressListener {
  /**
   * More payload has moved. What this throws aborts the transfer and reaches the caller unchanged.
   *
   * @param bytesMoved payload bytes since the beginning of the file. It begins anew where the
   *     server refused the data connection's TLS session under way, and the file is sent again.
   */
  void moved(long bytesMoved);
}
