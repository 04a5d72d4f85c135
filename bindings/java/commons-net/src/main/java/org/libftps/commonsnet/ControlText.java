package org.libftps.commonsnet;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.libftps.FtpsReply;

/**
 * Between the control encoding, which Commons Net lets callers change at any time, and the native
 * client, whose character set holds for the connection: there it is ISO 8859-1, in which every byte
 * is a character.
 */
final class ControlText {
  /** The native client's. */
  static final Charset BYTES = StandardCharsets.ISO_8859_1;

  private ControlText() {}

  static String toNative(String argument, String encoding) {
    return new String(argument.getBytes(Charset.forName(encoding)), BYTES);
  }

  static String fromNative(String line, String encoding) {
    return new String(line.getBytes(BYTES), Charset.forName(encoding));
  }

  /** The lines of a reply as they came, codes included. */
  static List<String> lines(FtpsReply reply, String encoding) {
    List<String> lines = new ArrayList<>();
    for (String line : new String(reply.raw(), Charset.forName(encoding)).split("\n")) {
      lines.add(line.endsWith("\r") ? line.substring(0, line.length() - 1) : line);
    }
    return lines;
  }
}
