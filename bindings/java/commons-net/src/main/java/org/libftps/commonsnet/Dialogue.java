package org.libftps.commonsnet;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.net.ftp.FTPReply;
import org.libftps.DialogueListener;
import org.libftps.FtpsReply;

/** Follows the control connection: what was asked last, and what was answered to it. */
final class Dialogue implements DialogueListener {
  /** Who is told of every line. */
  interface Observer {
    void commandSent(String verb, String line);

    void replyReceived(FtpsReply reply);
  }

  private static final List<String> DATA_ADDRESS = Arrays.asList("EPSV", "PASV", "EPRT", "PORT");

  private final Observer observer;
  private String verb = "";
  private boolean isAnswered;
  private FtpsReply last;
  private FtpsReply loginReply;
  private FtpsReply preliminary;

  Dialogue(Observer observer) {
    this.observer = observer;
  }

  @Override
  public void sent(String line) {
    verb = new CommandLine(line, null).verb;
    isAnswered = false;
    observer.commandSent(verb, line);
  }

  @Override
  public void received(FtpsReply reply) {
    last = reply;
    isAnswered = true;
    if (FTPReply.isPositivePreliminary(reply.code())) {
      preliminary = reply;
    }
    if (isAboutLogin()) {
      loginReply = reply;
    }
    observer.replyReceived(reply);
  }

  /** Before a transfer: its preliminary reply is still to come. */
  void expectPreliminary() {
    preliminary = null;
  }

  /** The verb that was sent last. */
  String verb() {
    return verb;
  }

  boolean isAboutLogin() {
    return verb.equals("USER") || verb.equals("PASS") || verb.equals("ACCT");
  }

  /** Whether AUTH was accepted, and nothing was sent since. */
  boolean isTlsAgreed() {
    return verb.equals("AUTH") && isAnswered && FTPReply.isPositiveCompletion(last.code());
  }

  boolean isAboutDataAddress() {
    return DATA_ADDRESS.contains(verb);
  }

  /** The reply that came last, or null. */
  FtpsReply last() {
    return last;
  }

  /**
   * The last reply to USER, PASS or ACCT, or null: the native client goes on with PROT and others
   * on its own.
   */
  FtpsReply loginReply() {
    return loginReply;
  }

  /** The reply that began the transfer, or null when it was not seen. */
  FtpsReply preliminary() {
    return preliminary;
  }
}
