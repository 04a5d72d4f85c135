package org.libftps.commonsnet;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.apache.commons.net.MalformedServerReplyException;
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

  /**
   * The exception that is thrown: of the class that callers of Commons Net know, where there is
   * one, with the native client's as its cause.
   */
  static IOException explained(IOException e, boolean isConnectionUsable) {
    IOException known =
        e instanceof FtpsException ? known((FtpsException) e, isConnectionUsable) : null;
    if (known == null) {
      return e;
    }
    known.initCause(e);
    return known;
  }

  /** The exception that {@code connect} throws. */
  static IOException ofConnecting(FtpsException e, Dialogue dialogue) {
    IOException failure;
    if (dialogue.verb().equals("AUTH") && e.kind().equals("refused")) {
      failure = new SSLException(e.getMessage());
    } else if (dialogue.isTlsAgreed() && e.kind().equals("connection-lost")) {
      failure = new SSLHandshakeException(e.getMessage());
    } else {
      return explained(e, false);
    }
    failure.initCause(e);
    return failure;
  }

  private static IOException known(FtpsException e, boolean isConnectionUsable) {
    String message = e.getMessage();
    if (e.replyCode() == FTPReply.SERVICE_NOT_AVAILABLE) {
      return closed(message);
    }
    switch (e.kind()) {
      case "resolve":
        return new UnknownHostException(message);
      case "connect":
        return new ConnectException(message);
      case "timeout":
        return new SocketTimeoutException(message);
      case "cancelled":
        return new SocketException(message);
      case "connection-lost":
        return isConnectionUsable ? new SocketException(message) : closed(message);
      case "broken":
        return closed(message);
      case "tls":
      case "not-resumed":
        return new SSLException(message);
      case "certificate":
        return new SSLHandshakeException(message);
      case "protocol":
        return new MalformedServerReplyException(message);
      default:
        return null;
    }
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
