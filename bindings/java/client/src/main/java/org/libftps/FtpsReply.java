package org.libftps;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One reply of the server: a code of three digits, and one or more lines. Immutable. */
public final class FtpsReply {
  private final int code;
  private final byte[] raw;
  private final List<byte[]> lines;

  FtpsReply(int code, byte[] raw, List<byte[]> lines) {
    this.code = code;
    this.raw = raw;
    this.lines = lines;
  }

  /**
   * The reply code.
   *
   * @return 100 to 659 (RFC 959 section 4.2.1, RFC 2228)
   */
  public int code() {
    return code;
  }

  /**
   * Whether the server did what it was asked for.
   *
   * @return true for 2xx
   */
  public boolean isCompletion() {
    return code / 100 == 2;
  }

  /**
   * Whether the server refused.
   *
   * @return true for 4xx and 5xx
   */
  public boolean isNegative() {
    return code / 100 == 4 || code / 100 == 5;
  }

  /**
   * The lines without code and line ends, as UTF-8; what is not becomes U+FFFD.
   *
   * @return at least one line, perhaps empty; unmodifiable
   */
  public List<String> lines() {
    return lines(StandardCharsets.UTF_8);
  }

  /**
   * The same in another character set.
   *
   * @param charset the server's
   * @return at least one line, perhaps empty; unmodifiable
   */
  public List<String> lines(Charset charset) {
    List<String> decoded = new ArrayList<>(lines.size());
    for (byte[] line : lines) {
      decoded.add(new String(line, charset));
    }
    return Collections.unmodifiableList(decoded);
  }

  /**
   * The lines, separated by {@code \n}.
   *
   * @return the text without the code
   */
  public String text() {
    return String.join("\n", lines());
  }

  /**
   * The reply as it was received.
   *
   * @return a copy, line ends included
   */
  public byte[] raw() {
    return raw.clone();
  }

  /** Code and text on one line. */
  @Override
  public String toString() {
    return code + " " + String.join("; ", lines());
  }
}
