package org.libftps.commonsnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.net.ftp.FTPConnectionClosedException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.libftps.testing.TestServer;

/**
 * A server that refuses or loses a data connection is never told by null, false or an empty
 * listing, whichever method it happens to; the reply is in the exception's message and stays
 * readable.
 */
class RefusedTransferTest {
  private static final List<String> REPLIES =
      List.of(
          "421 Going down.",
          "425 Cannot open data connection.",
          "426 Connection closed.",
          "522 SSL connection failed.");

  private interface Transfer {
    void on(NativeFTPSClient client) throws IOException;
  }

  /** A method that transfers. */
  record Method(String name, String verb, Transfer transfer) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<Method> METHODS =
      List.of(
          new Method("listFiles", "LIST", NativeFTPSClient::listFiles),
          new Method("listFiles(path)", "LIST", client -> client.listFiles("/")),
          new Method("listDirectories", "LIST", NativeFTPSClient::listDirectories),
          new Method("initiateListParsing", "LIST", NativeFTPSClient::initiateListParsing),
          new Method("listNames", "NLST", NativeFTPSClient::listNames),
          new Method("mlistDir", "MLSD", NativeFTPSClient::mlistDir),
          new Method(
              "retrieveFile",
              "RETR",
              client -> client.retrieveFile("file", new ByteArrayOutputStream())),
          new Method("retrieveFileStream", "RETR", RefusedTransferTest::read),
          new Method("storeFile", "STOR", client -> client.storeFile("new", Clients.bytes("x"))),
          new Method("storeFileStream", "STOR", RefusedTransferTest::write),
          new Method("appendFile", "APPE", client -> client.appendFile("new", Clients.bytes("x"))),
          new Method("appendFileStream", "APPE", RefusedTransferTest::append),
          new Method(
              "storeUniqueFile", "STOU", client -> client.storeUniqueFile(Clients.bytes("x"))));

  private static void read(NativeFTPSClient client) throws IOException {
    try (InputStream in = client.retrieveFileStream("file")) {
      in.readAllBytes();
    }
    client.completePendingCommand();
  }

  private static void write(NativeFTPSClient client) throws IOException {
    write(client.storeFileStream("new"));
    client.completePendingCommand();
  }

  private static void append(NativeFTPSClient client) throws IOException {
    write(client.appendFileStream("new"));
    client.completePendingCommand();
  }

  private static void write(OutputStream stream) throws IOException {
    try (OutputStream out = stream) {
      out.write('x');
    }
  }

  static Stream<Object[]> cases() {
    return METHODS.stream()
        .flatMap(method -> REPLIES.stream().map(reply -> new Object[] {method, reply}));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aRefusalInPlaceOfTheTransferIsThrown(Method method, String reply) throws Exception {
    try (TestServer server = TestServer.strict("--answer", method.verb() + "=" + reply)) {
      assertThrown(method, reply, server);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aRefusalAtTheEndOfTheTransferIsThrown(Method method, String reply) throws Exception {
    if (method.verb().equals("STOU")) {
      return; // The strict server does not have it.
    }
    try (TestServer server =
        TestServer.strict("--fault", method.verb() + "#*@final=reply:" + reply)) {
      NativeFTPSClient client = Clients.loggedIn(server);
      if (method.verb().equals("RETR")) {
        client.storeFile("file", Clients.bytes("content"));
      }
      client.disconnect();
      assertThrown(method, reply, server);
    }
  }

  private static void assertThrown(Method method, String reply, TestServer server)
      throws IOException {
    NativeFTPSClient client = Clients.loggedIn(server);
    IOException thrown = assertThrows(IOException.class, () -> method.transfer().on(client));
    assertTrue(thrown.getMessage().contains(reply), thrown.toString());
    assertEquals(Integer.parseInt(reply.substring(0, 3)), client.getReplyCode());
    assertEquals(reply, client.getReplyString().trim());
    boolean closing = reply.startsWith("421");
    assertEquals(closing, isClosed(thrown), thrown.toString());
    if (!closing) {
      assertTrue(client.sendNoOp(), "replies are in step");
    }
    client.disconnect();
  }

  private static boolean isClosed(Throwable thrown) {
    return thrown instanceof FTPConnectionClosedException
        || thrown.getCause() instanceof FTPConnectionClosedException;
  }
}
