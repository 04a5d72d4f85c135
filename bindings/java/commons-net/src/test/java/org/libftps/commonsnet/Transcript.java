package org.libftps.commonsnet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPSClient;
import org.apache.commons.net.io.CopyStreamException;

/** What calls on a client gave: result or exception, and the reply that can be read after it. */
final class Transcript {
  /** A call to compare. */
  interface Call {
    Object on(FTPSClient client) throws Exception;
  }

  /** A call that gives nothing. */
  interface Action {
    void on(FTPSClient client) throws Exception;
  }

  private final FTPSClient client;
  private final List<String> lines = new ArrayList<>();

  Transcript(FTPSClient client) {
    this.client = client;
  }

  void call(String name, Call call) {
    String outcome;
    try {
      outcome = described(call.on(client));
    } catch (Exception e) {
      outcome = described(e);
    }
    lines.add(name + ": " + outcome + " | " + replies());
  }

  void run(String name, Action action) {
    call(
        name,
        client -> {
          action.on(client);
          return "done";
        });
  }

  /** A call that fails before there is a reply: what can be read then is an older one. */
  void failure(String name, Call call) {
    try {
      lines.add(name + ": " + described(call.on(client)));
    } catch (Exception e) {
      lines.add(name + ": " + described(e));
    }
  }

  private String replies() {
    String[] replies = client.getReplyStrings();
    return client.getReplyCode() + " " + (replies == null ? "" : String.join(" / ", replies));
  }

  /** Its class, and below what copying wraps. */
  private static String described(Exception e) {
    String type = e.getClass().getName();
    if (e instanceof CopyStreamException) {
      return type + " for " + ((CopyStreamException) e).getIOException().getClass().getName();
    }
    return type;
  }

  private static String described(Object result) {
    if (result instanceof FTPFile) {
      return ((FTPFile) result).getRawListing();
    } else if (result != null && result.getClass().isArray()) {
      return Arrays.stream(boxed(result))
          .map(Transcript::described)
          .collect(Collectors.joining(", ", "[", "]"));
    }
    return String.valueOf(result);
  }

  private static Object[] boxed(Object array) {
    Object[] elements = new Object[Array.getLength(array)];
    Arrays.setAll(elements, index -> Array.get(array, index));
    return elements;
  }

  /** Shows only the calls that gave something else. */
  void assertSameAs(Transcript expected) {
    assertEquals(expected.lines.size(), lines.size());
    assertEquals(expected.without(this), without(expected));
  }

  private String without(Transcript other) {
    StringBuilder different = new StringBuilder();
    for (int index = 0; index < lines.size(); index++) {
      if (!lines.get(index).equals(other.lines.get(index))) {
        different.append(lines.get(index)).append('\n');
      }
    }
    return different.toString();
  }
}
