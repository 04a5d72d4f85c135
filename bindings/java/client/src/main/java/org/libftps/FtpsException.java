package org.libftps;

import java.io.IOException;

/**
 * Why an operation failed. {@link #kind()} is the cause in one word, {@link #getMessage()} says
 * what happened and what to do, with the server's reply where there is one.
 *
 * <p>The kinds:
 *
 * <ul>
 *   <li>{@code invalid-argument}: an argument or option cannot be used; nothing was sent
 *   <li>{@code wrong-state}: the call does not fit the client's state: it is closed, not logged in,
 *       used by another thread, or a transfer is open; nothing was sent
 *   <li>{@code broken}: an earlier failure left the control connection unusable; connect again
 *   <li>{@code resolve}, {@code connect}: the host has no address, or takes no connection
 *   <li>{@code timeout}: the peer was silent, or too slow, for longer than the timeout allows
 *   <li>{@code cancelled}: {@link FtpsClient#abort()} or {@link MirrorPlan#abort()} was called
 *   <li>{@code connection-lost}: an established connection broke
 *   <li>{@code tls}: the handshake or the record layer failed, or the peer sent an alert
 *   <li>{@code certificate}: the peer's certificate was not accepted
 *   <li>{@code not-resumed}: a data connection did not resume the control connection's TLS session,
 *       and the server, or {@link ResumptionPolicy#REQUIRE}, insists on it
 *   <li>{@code login-refused}: the server refused the user, the password or the account
 *   <li>{@code refused}: the server answered a command with 4xx (try again later) or 5xx
 *   <li>{@code protocol}: the peer does not speak the protocol
 *   <li>{@code truncated}: fewer bytes arrived than announced, or a download ended without TLS
 *       close_notify
 *   <li>{@code local}: a local file could not be opened, read or written; or the client's private
 *       key did not sign
 *   <li>{@code mismatch}: the local and the remote content are not the same, or not one the
 *       beginning of the other; neither was changed, unless the message says so
 *   <li>{@code library}: the native library could not be loaded
 *   <li>{@code internal}: a defect of libftps
 * </ul>
 */
public class FtpsException extends IOException {
  private static final long serialVersionUID = 1;

  /** See {@link #kind()}. */
  private final String kind;

  /** See {@link #replyCode()}. */
  private final int replyCode;

  /** See {@link #replyText()}. */
  private final String replyText;

  /** See {@link #bytesMoved()}. */
  private final long bytesMoved;

  /** See {@link #tlsAlert()}. */
  private final int tlsAlert;

  /** See {@link #errno()}. */
  private final int errno;

  FtpsException(String kind, String message) {
    this(kind, message, null, 0, -1, 0);
  }

  FtpsException(String kind, String message, Throwable cause) {
    this(kind, message);
    initCause(cause);
  }

  FtpsException(
      String kind, String message, FtpsReply reply, long bytesMoved, int tlsAlert, int errno) {
    super(message);
    this.kind = kind;
    this.replyCode = reply == null ? 0 : reply.code();
    this.replyText = reply == null ? "" : reply.text();
    this.bytesMoved = bytesMoved;
    this.tlsAlert = tlsAlert;
    this.errno = errno;
  }

  static FtpsException wrongState(String message) {
    return new FtpsException("wrong-state", message);
  }

  static FtpsException invalidArgument(String message) {
    return new FtpsException("invalid-argument", message);
  }

  /**
   * The cause in one word; see the list above. New words may be added.
   *
   * @return for instance {@code timeout}
   */
  public String kind() {
    return kind;
  }

  /**
   * The code of the server's reply that belongs to this failure.
   *
   * @return 100 to 659; 0 when there was no reply
   */
  public int replyCode() {
    return replyCode;
  }

  /**
   * The text of the server's reply, without its code, lines separated by {@code \n}.
   *
   * @return empty when there was no reply
   */
  public String replyText() {
    return replyText;
  }

  /**
   * Payload bytes that had moved when the transfer failed.
   *
   * @return 0 outside transfers
   */
  public long bytesMoved() {
    return bytesMoved;
  }

  /**
   * The TLS alert that was sent or received (RFC 8446 section 6).
   *
   * @return for instance 48 for unknown_ca; -1 when there was none
   */
  public int tlsAlert() {
    return tlsAlert;
  }

  /**
   * The operating system's error number.
   *
   * @return 0 when there was none
   */
  public int errno() {
    return errno;
  }
}
