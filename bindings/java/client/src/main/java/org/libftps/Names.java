package org.libftps;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.util.Arrays;

/**
 * Names as strings, without loss: a byte that is not valid in the character set becomes one of the
 * characters U+DC80 to U+DCFF, the low half of a surrogate pair without its high half, which stands
 * for nothing else (Python's {@code surrogateescape}). Sent back, it becomes that byte again.
 */
final class Names {
  /** What a byte of 0x80 to 0xFF is added to. */
  private static final char ESCAPE = 0xDC00;

  private final Charset charset;

  Names(Charset charset) {
    this.charset = charset;
  }

  /** Never fails, and {@link #encode} gives the same bytes back. */
  String decode(byte[] bytes) {
    String plain = new String(bytes, charset);
    if (Arrays.equals(bytes, plain.getBytes(charset))) {
      return plain;
    }
    String escaped = decode(bytes, charset.newDecoder());
    return comesBack(escaped, bytes) ? escaped : withoutLetters(bytes);
  }

  private boolean comesBack(String text, byte[] bytes) {
    try {
      return Arrays.equals(bytes, encode(text));
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  /** For a set that has two ways to write a character. */
  private static String withoutLetters(byte[] bytes) {
    StringBuilder text = new StringBuilder(bytes.length);
    for (byte b : bytes) {
      text.append(asciiOrEscape(b));
    }
    return text.toString();
  }

  private static String decode(byte[] bytes, CharsetDecoder decoder) {
    decoder
        .onMalformedInput(CodingErrorAction.REPORT)
        .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out =
        CharBuffer.allocate((int) (bytes.length * (double) decoder.maxCharsPerByte()) + 1);
    for (CoderResult result = decoder.decode(in, out, true);
        !result.isUnderflow();
        result = decoder.decode(in, out, true)) {
      out.put(asciiOrEscape(in.get()));
      decoder.reset();
    }
    decoder.flush(out);
    out.flip();
    return out.toString();
  }

  private static char asciiOrEscape(byte b) {
    return b >= 0 ? (char) b : (char) (ESCAPE + (b & 0xFF));
  }

  /** As {@link #encode}, with an exception that says {@code what} cannot be written. */
  byte[] encode(String text, String what) throws FtpsException {
    try {
      return encode(text);
    } catch (CharacterCodingException e) {
      throw FtpsException.invalidArgument(
          what + " cannot be written in " + charset + ", the client's character set");
    }
  }

  /** Fails for a character that the set does not have. */
  byte[] encode(String text) throws CharacterCodingException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(text.length());
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      if (isEscape(text, i)) {
        write(bytes, text.substring(start, i));
        bytes.write(text.charAt(i) - ESCAPE);
        start = i + 1;
      }
    }
    write(bytes, text.substring(start));
    return bytes.toByteArray();
  }

  private static boolean isEscape(String text, int index) {
    char c = text.charAt(index);
    boolean isHalfOfPair = index > 0 && Character.isHighSurrogate(text.charAt(index - 1));
    return c >= ESCAPE + 0x80 && c <= ESCAPE + 0xFF && !isHalfOfPair;
  }

  private void write(ByteArrayOutputStream bytes, String text) throws CharacterCodingException {
    ByteBuffer encoded = charset.newEncoder().encode(CharBuffer.wrap(text));
    bytes.write(encoded.array(), encoded.arrayOffset(), encoded.remaining());
  }

  @Override
  public String toString() {
    return charset.toString();
  }
}
