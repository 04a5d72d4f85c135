package org.libftps;

import java.util.ArrayList;
import java.util.List;

/** Writes the dialogue down. */
final class Recorder implements DialogueListener {
  private final List<String> sent = new ArrayList<>();
  private final List<FtpsReply> received = new ArrayList<>();

  @Override
  public void sent(String line) {
    sent.add(line);
  }

  @Override
  public void received(FtpsReply reply) {
    received.add(reply);
  }

  List<String> sent() {
    return List.copyOf(sent);
  }

  List<FtpsReply> received() {
    return List.copyOf(received);
  }
}
