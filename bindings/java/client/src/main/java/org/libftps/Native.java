package org.libftps;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The functions of the native library. Their parameters are of the JDK's types only, so that these
 * classes can be relocated: {@code upcalls} is null or {@link Upcalls}, which the native library
 * knows as a {@code java.util.function.Function}, and {@code progress} null or a {@code
 * LongConsumer}, of plans a {@code Function} from byte array to byte array. What is thrown by
 * either, whatever it is, is thrown by the function that called it.
 */
final class Native {
  private Native() {}

  static native long create(byte[] options, boolean tellsDialogue) throws FtpsException;

  static native void free(long session);

  static native void cancel(long session);

  static native void reset(long session);

  static native byte[] connect(long session, Object upcalls) throws FtpsException;

  static native void login(
      long session, Object upcalls, byte[] user, byte[] password, byte[] account)
      throws FtpsException;

  static native byte[] perform(
      long session, Object upcalls, int operation, byte[] first, byte[] second)
      throws FtpsException;

  static native void quit(long session, Object upcalls) throws FtpsException;

  static native byte[] facts(long session) throws FtpsException;

  static native void change(long session, byte[] options) throws FtpsException;

  static native boolean openTransfer(
      long session, Object upcalls, boolean upload, byte[] verb, byte[] argument, long offset)
      throws FtpsException;

  static native int read(long session, Object upcalls, ByteBuffer buffer, int offset, int length)
      throws FtpsException;

  static native void write(long session, Object upcalls, ByteBuffer buffer, int offset, int length)
      throws FtpsException;

  static native long bytesMoved(long session) throws FtpsException;

  static native byte[] finish(long session, Object upcalls) throws FtpsException;

  static native void abortTransfer(long session) throws FtpsException;

  static native void openListing(long session, Object upcalls, byte[] path, boolean namesOnly)
      throws FtpsException;

  static native byte[] nextEntries(long session, Object upcalls) throws FtpsException;

  static native long transferFile(
      long session,
      Object upcalls,
      int way,
      byte[] local,
      byte[] remote,
      byte[] options,
      Object progress)
      throws FtpsException;

  static native void stopTransfer(long session, Object upcalls) throws FtpsException;

  static native void openWalk(long session, Object upcalls, byte[] start, boolean isPattern)
      throws FtpsException;

  static native byte[] nextFound(long session, Object upcalls, boolean skips) throws FtpsException;

  static native byte[] plan(long session, Object upcalls, byte[] mirror) throws FtpsException;

  static native byte[] execute(
      long session, Object upcalls, long plan, byte[] options, Object progress)
      throws FtpsException;

  static native byte[] executeOverPool(
      long pool, Object upcalls, long plan, byte[] options, Object progress) throws FtpsException;

  static native void stopPlan(long plan);

  static native void freePlan(long plan);

  static native long createPool(byte[] connection, byte[] own, boolean tellsDialogue)
      throws FtpsException;

  static native long borrow(long pool) throws FtpsException;

  static native byte[] poolStatistics(long pool) throws FtpsException;

  static native void closeExpired(long pool) throws FtpsException;

  static native void closePool(long pool);

  static native void freePool(long pool);

  /** Called by the native library, which knows no class of this package. */
  @SuppressWarnings("unused")
  private static void fail(byte[] error) throws FtpsException {
    throw new Wire.Reader(error, new Names(StandardCharsets.UTF_8)).exception();
  }
}
