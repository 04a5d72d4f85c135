package org.libftps.commonsnet;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.apache.commons.net.ftp.FTPConnectionClosedException;
import org.apache.commons.net.ftp.FTPReply;
import org.apache.commons.net.io.CopyStreamException;
import org.libftps.FtpsException;

/** Which failures Commons Net tells by null, false or nothing, and which are exceptions here. */
final class Failures {
  /**
   * Not about the file, but about the connections and their protection (RFC 959, RFC 2228, RFC
   * 4217).
   */
  private static final Set<Integer> ABOUT_CONNECTIONS =
      new HashSet<>(Arrays.asList(421, 425, 426, 431, 521, 522, 533, 534, 535, 536));

  private Failures() {}

  /** Whether a reply only says that the server did not do it: a 450 or 550, for instance. */
  static boolean isOrdinaryRefusal(FtpsException e) {
    return e.kind().equals("refused") && isOrdinary(e.replyCode());
  }

  /** Whether it is what a server says of a name that it does not have, or does not show. */
  static boolean isAboutName(FtpsException e) {
    return e.replyCode() == FTPReply.FILE_ACTION_NOT_TAKEN
        || e.replyCode() == FTPReply.FILE_UNAVAILABLE;
  }

  static boolean isOrdinary(int replyCode) {
    return replyCode >= 400 && replyCode < 600 && !ABOUT_CONNECTIONS.contains(replyCode);
  }

  /** The exception that is thrown, in the words of Commons Net's own where it has some. */
  static IOException explained(IOException e) {
    if (e instanceof FtpsException
        && ((FtpsException) e).replyCode() == FTPReply.SERVICE_NOT_AVAILABLE) {
      IOException closed = closed(e.getMessage());
      closed.initCause(e);
      return closed;
    }
    return e;
  }

  /** The server is closing the connection. */
  static IOException closed(String message) {
    return new FTPConnectionClosedException(message);
  }

  /**
   * The same type with the cause's message: Commons Net's own says only that something failed while
   * copying.
   */
  static IOException uncovered(CopyStreamException e) {
    IOException cause = e.getIOException();
    if (cause == null || cause.getMessage() == null) {
      return e;
    }
    return new CopyStreamException(cause.getMessage(), e.getTotalBytesTransferred(), cause);
  }
}
