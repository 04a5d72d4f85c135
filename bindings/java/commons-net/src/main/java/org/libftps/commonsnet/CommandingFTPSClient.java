package org.libftps.commonsnet;

import java.io.IOException;
import org.apache.commons.net.ftp.FTPReply;
import org.libftps.FtpsClient;
import org.libftps.FtpsException;
import org.libftps.FtpsReply;

/**
 * Commands and their replies, and what the native client does on its own where commands ask for it.
 */
abstract class CommandingFTPSClient extends ConnectingFTPSClient {
  private static final String PASSWORD_EXPECTED = "331 The user name is sent with the password.";

  CommandingFTPSClient(String protocol, boolean isImplicit) {
    super(protocol, isImplicit);
  }

  @Override
  public int sendCommand(String command, String args) throws IOException {
    CommandLine line = new CommandLine(command, args);
    Refusals.checkCommand(line.verb, line.argument);
    connection();
    state().abandonTransfer();
    state().markedOffset = 0;
    switch (line.verb) {
      case "USER":
        state().user = line.argument;
        return record(PASSWORD_EXPECTED);
      case "PASS":
        state().password = line.argument;
        return logIn("");
      case "ACCT":
        return logIn(line.argument);
      case "TYPE":
        return sendType(line.argument);
      case "REST":
        return sendRestart(line.argument);
      case "SIZE":
        alignType();
        return exchange(line.verb, line.argument);
      default:
        return exchange(line.verb, line.argument);
    }
  }

  private int exchange(String verb, String argument) throws IOException {
    try {
      FtpsReply reply = connection().command(verb, encoded(argument));
      record(reply);
      checkStillServed(reply);
      return reply.code();
    } catch (FtpsException e) {
      throw failed(e);
    }
  }

  private void checkStillServed(FtpsReply reply) throws IOException {
    if (reply.code() == FTPReply.SERVICE_NOT_AVAILABLE) {
      throw Failures.closed(getReplyString().trim());
    }
  }

  /**
   * The native client sends USER and PASS together, and protects the data connections before it
   * returns.
   */
  private int logIn(String account) throws IOException {
    try {
      FtpsClient connected = connection();
      connected.login(encoded(state().user), encoded(state().password), encoded(account));
      state().serverType = "I";
    } catch (FtpsException e) {
      boolean refused = dialogue.isAboutLogin() && Failures.isOrdinary(e.replyCode());
      boolean accountWanted =
          dialogue.isAboutLogin() && FTPReply.isPositiveIntermediate(e.replyCode());
      if (!refused && !accountWanted) {
        throw failed(e);
      }
    }
    record(dialogue.loginReply());
    return getReplyCode();
  }

  final String encoded(String word) {
    return word == null ? "" : ControlText.toNative(word, getControlEncoding());
  }

  private int sendType(String type) throws IOException {
    int code = exchange("TYPE", type);
    if (FTPReply.isPositiveCompletion(code)) {
      state().wantedType = type;
      state().serverType = type;
    }
    return code;
  }

  /**
   * A login of the native client ends with binary transfers; Commons Net takes the type for ASCII
   * until it sets another.
   */
  final void alignType() throws IOException {
    if (!state().wantedType.equals(state().serverType)) {
      sendType(state().wantedType);
    }
  }

  private int sendRestart(String marker) throws IOException {
    alignType();
    int code = exchange("REST", marker);
    if (FTPReply.isPositiveIntermediate(code)) {
      state().markedOffset = parseOffset(marker);
    }
    return code;
  }

  private static long parseOffset(String marker) {
    try {
      return Long.parseLong(marker.trim());
    } catch (NumberFormatException e) {
      throw Refusals.of("REST " + marker, "in stream mode a restart marker is a number of bytes");
    }
  }

  /**
   * The reply to the last command; that of a transfer is waited for. Nothing is read when none is
   * outstanding.
   */
  @Override
  public int getReply() throws IOException {
    completePendingCommand();
    return getReplyCode();
  }

  @Override
  protected void __getReplyNoReport() throws IOException {
    getReply();
  }

  /** Sends NOOP, but not while a transfer is open: the native client sends no command then. */
  @Override
  protected void __noop() throws IOException {
    PendingTransfer pending = state().pending();
    if (pending == null || pending.isOver()) {
      exchange("NOOP", "");
    }
  }
}
