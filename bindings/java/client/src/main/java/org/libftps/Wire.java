package org.libftps;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * The form in which values cross to the native library and back; {@code wire.rs} is the other side.
 */
final class Wire {
  private Wire() {}

  /** Values for the native library. */
  static final class Writer {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    Writer() {}

    /** Goes on where another has come to. */
    Writer(Writer other) {
      byte[] written = other.finish();
      bytes.write(written, 0, written.length);
    }

    Writer byteValue(int value) {
      return write(() -> out.writeByte(value));
    }

    Writer flag(boolean value) {
      return byteValue(value ? 1 : 0);
    }

    Writer intValue(int value) {
      return write(() -> out.writeInt(value));
    }

    Writer longValue(long value) {
      return write(() -> out.writeLong(value));
    }

    Writer bytes(byte[] value) {
      return write(
          () -> {
            out.writeInt(value.length);
            out.write(value);
          });
    }

    Writer text(String value) {
      return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    Writer list(List<byte[]> values) {
      intValue(values.size());
      values.forEach(this::bytes);
      return this;
    }

    /** What was written until now. */
    byte[] finish() {
      return bytes.toByteArray();
    }

    private Writer write(Write write) {
      try {
        write.run();
        return this;
      } catch (IOException impossible) {
        throw new IllegalStateException(impossible);
      }
    }

    private interface Write {
      void run() throws IOException;
    }
  }

  /** Values from the native library. */
  static final class Reader {
    private final ByteBuffer buffer;
    private final Names names;

    Reader(byte[] bytes, Names names) {
      this.buffer = ByteBuffer.wrap(bytes);
      this.names = names;
    }

    boolean isEmpty() {
      return !buffer.hasRemaining();
    }

    boolean flag() {
      return buffer.get() != 0;
    }

    int intValue() {
      return buffer.getInt();
    }

    long longValue() {
      return buffer.getLong();
    }

    int byteValue() {
      return buffer.get();
    }

    <T> T choice(T[] values) {
      return values[buffer.get()];
    }

    /** Null where there are none. */
    byte[] bytes() {
      int length = buffer.getInt();
      if (length < 0) {
        return null;
      }
      byte[] bytes = new byte[length];
      buffer.get(bytes);
      return bytes;
    }

    String text() {
      return decode(bytes());
    }

    String decode(byte[] bytes) {
      return bytes == null ? null : names.decode(bytes);
    }

    FtpsTimestamp timestamp() {
      Instant instant = Instant.ofEpochSecond(longValue(), intValue());
      return new FtpsTimestamp(instant, choice(FtpsTimestamp.Precision.values()), flag());
    }

    FtpsReply reply() {
      int code = intValue();
      byte[] raw = bytes();
      return new FtpsReply(code, raw, list());
    }

    long[] longs(int count) {
      long[] longs = new long[count];
      for (int i = 0; i < count; i++) {
        longs[i] = longValue();
      }
      return longs;
    }

    List<byte[]> list() {
      int count = intValue();
      List<byte[]> list = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        list.add(bytes());
      }
      return list;
    }

    int[] numbers() {
      int[] numbers = new int[intValue()];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = intValue();
      }
      return numbers;
    }

    /** Names in lower case, and values. */
    Map<String, String> pairs() {
      Map<String, String> pairs = new LinkedHashMap<>();
      for (int count = intValue(); count > 0; count--) {
        pairs.putIfAbsent(text().toLowerCase(Locale.ROOT), text());
      }
      return pairs;
    }

    /** In UTF-8, whatever the client's character set is; null where there is none. */
    FtpsException nestedException() {
      byte[] bytes = bytes();
      return bytes == null
          ? null
          : new Reader(bytes, new Names(StandardCharsets.UTF_8)).exception();
    }

    /** Text of the library's own. */
    String ownText() {
      return new String(bytes(), StandardCharsets.UTF_8);
    }

    /** As many as are announced. */
    <T> List<T> all(Function<Reader, T> one) {
      int count = intValue();
      List<T> all = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        all.add(one.apply(this));
      }
      return Collections.unmodifiableList(all);
    }

    FtpsException exception() {
      String kind = text();
      String message = text();
      long bytesMoved = longValue();
      int tlsAlert = intValue();
      int errno = intValue();
      FtpsReply reply = flag() ? reply() : null;
      return new FtpsException(kind, message, reply, bytesMoved, tlsAlert, errno);
    }
  }
}
