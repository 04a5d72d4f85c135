package org.libftps.commonsnet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.net.ProtocolCommandEvent;
import org.apache.commons.net.ProtocolCommandListener;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPReply;
import org.apache.commons.net.ftp.FTPSClient;
import org.apache.commons.net.io.CopyStreamAdapter;
import org.apache.commons.net.util.TrustManagerUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.libftps.testing.TestServer;

/** What works with Commons Net works here. */
class TransferTest {
  private TestServer server;
  private NativeFTPSClient client;

  @BeforeEach
  void connect() throws Exception {
    server = TestServer.strict();
    client = Clients.loggedIn(server);
  }

  @AfterEach
  void disconnect() throws Exception {
    client.disconnect();
    server.close();
  }

  @Test
  void streamsAreEndedByCompletePendingCommand() throws Exception {
    try (OutputStream out = client.storeFileStream("file")) {
      assertTrue(FTPReply.isPositivePreliminary(client.getReplyCode()));
      out.write("streamed".getBytes(StandardCharsets.UTF_8));
    }
    assertTrue(client.completePendingCommand());

    try (InputStream in = client.retrieveFileStream("file")) {
      assertTrue(FTPReply.isPositivePreliminary(client.getReplyCode()));
      assertEquals("streamed", new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
    assertTrue(client.completePendingCommand());
    assertEquals(226, client.getReplyCode());
  }

  @Test
  void aReaderThatKnowsTheSizeNeedNotSeeTheEnd() throws Exception {
    Clients.store(client, "file", "12345");
    try (InputStream in = client.retrieveFileStream("file")) {
      assertEquals("12345", new String(in.readNBytes(5), StandardCharsets.UTF_8));
    }
    assertTrue(client.completePendingCommand());
  }

  @Test
  void restartsAtAnOffset() throws Exception {
    Clients.store(client, "file", "0123456789");
    client.setRestartOffset(4);
    assertEquals("456789", Clients.retrieve(client, "file"));
    assertEquals("0123456789", Clients.retrieve(client, "file"), "the offset holds once");
  }

  @Test
  void aRestSentByHandHoldsForTheNextTransfer() throws Exception {
    Clients.store(client, "file", "0123456789");
    assertEquals(350, client.rest("7"));
    assertEquals("789", Clients.retrieve(client, "file"));
    assertEquals("0123456789", Clients.retrieve(client, "file"));
  }

  @Test
  void appends() throws Exception {
    Clients.store(client, "file", "one");
    assertTrue(client.appendFile("file", Clients.bytes("two")));
    assertEquals("onetwo", Clients.retrieve(client, "file"));
  }

  @Test
  void asciiConvertsLineEnds() throws Exception {
    assertTrue(client.setFileType(FTP.ASCII_FILE_TYPE));
    Clients.store(client, "text", "a\nb\n");
    assertTrue(client.setFileType(FTP.BINARY_FILE_TYPE));
    assertEquals("a\r\nb\r\n", Clients.retrieve(client, "text"));
  }

  @Test
  void transfersAreAsciiUntilAnotherTypeIsSet() throws Exception {
    try (TestServer fresh = TestServer.strict()) {
      NativeFTPSClient unset = Clients.trusting(fresh);
      unset.connect(server.host(), fresh.port());
      assertTrue(unset.login(server.user(), server.password()));
      List<String> sent = new ArrayList<>();
      unset.addProtocolCommandListener(new Recorder(sent, new ArrayList<>()));
      Clients.store(unset, "text", "a\n");
      assertTrue(sent.contains("TYPE A\r\n"), sent.toString());
      unset.disconnect();
    }
  }

  @Test
  void renamesAndDeletes() throws Exception {
    Clients.store(client, "old", "content");
    assertTrue(client.rename("old", "new"));
    assertNull(Clients.retrieve(client, "old"));
    assertTrue(client.deleteFile("new"));
    assertFalse(client.deleteFile("new"));
    assertEquals(550, client.getReplyCode());
  }

  @Test
  void directoriesAreMadeChangedAndRemoved() throws Exception {
    assertTrue(client.makeDirectory("dir"));
    assertTrue(client.changeWorkingDirectory("dir"));
    assertEquals("/dir", client.printWorkingDirectory());
    assertTrue(client.changeToParentDirectory());
    assertEquals("/", client.printWorkingDirectory());
    assertTrue(client.removeDirectory("dir"));
    assertFalse(client.changeWorkingDirectory("dir"));
  }

  @Test
  void listsInEveryForm() throws Exception {
    Clients.store(client, "a.txt", "12345");
    Clients.store(client, "b.txt", "");
    String[] names = {"a.txt", "b.txt"};
    assertArrayEquals(names, Arrays.stream(client.listNames()).sorted().toArray());
    assertArrayEquals(
        names, Arrays.stream(client.listFiles()).map(FTPFile::getName).sorted().toArray());
    FTPFile[] facts = client.mlistDir("/");
    FTPFile first =
        Arrays.stream(facts).filter(file -> file.getName().equals("a.txt")).findAny().orElseThrow();
    assertEquals(5, first.getSize());
    assertEquals(5, client.mlistFile("a.txt").getSize());
    assertEquals("5", client.getSize("a.txt"));
    assertNotNull(client.mdtmInstant("a.txt"));
    assertEquals(1, client.listFiles("/", file -> file.getName().startsWith("b")).length);
  }

  @Test
  void namesGoBackAsTheBytesThatCame() throws Exception {
    NativeFTPSClient utf8 = Clients.trusting(server);
    utf8.setControlEncoding("UTF-8");
    Clients.logIn(utf8, server);
    Clients.store(utf8, "gr\u00fc\u00dfe.txt", "hello");
    utf8.disconnect();

    String latin1Name = client.listNames()[0];
    assertEquals("hello", Clients.retrieve(client, latin1Name));
  }

  @Test
  void userAndPasswordAreInTheControlEncoding() throws Exception {
    for (String encoding : List.of("ISO-8859-1", "UTF-8")) {
      List<String> options = new ArrayList<>(List.of("--user", "J\u00fcrgen:Schl\u00fcssel"));
      if (encoding.equals("ISO-8859-1")) {
        options.add("--latin1");
      }
      try (TestServer jurgens = TestServer.strict(options.toArray(String[]::new))) {
        for (FTPSClient either : List.of(new FTPSClient(), new NativeFTPSClient())) {
          either.setTrustManager(TrustManagerUtils.getAcceptAllTrustManager());
          either.setControlEncoding(encoding);
          either.connect(jurgens.host(), jurgens.port());
          assertTrue(either.login("J\u00fcrgen", "Schl\u00fcssel"), encoding + either);
          either.disconnect();
        }
      }
    }
  }

  @Test
  void utf8IsDetected() throws Exception {
    NativeFTPSClient detecting = Clients.trusting(server);
    detecting.setAutodetectUTF8(true);
    Clients.logIn(detecting, server);
    assertEquals("UTF-8", detecting.getControlEncoding());
    detecting.disconnect();
  }

  @Test
  void listenersHearTheDialogueWithoutThePassword() throws Exception {
    List<String> sent = new ArrayList<>();
    List<String> received = new ArrayList<>();
    NativeFTPSClient heard = Clients.trusting(server);
    heard.addProtocolCommandListener(new Recorder(sent, received));
    Clients.logIn(heard, server);
    Clients.store(heard, "file", "content");
    heard.disconnect();

    assertTrue(received.get(0).startsWith("220 "), received.toString());
    assertTrue(sent.contains("USER user\r\n"), sent.toString());
    assertTrue(sent.contains("STOR file\r\n"), sent.toString());
    assertTrue(received.stream().anyMatch(line -> line.startsWith("226")), received.toString());
    assertTrue(sent.stream().noneMatch(line -> line.contains(server.password())), sent.toString());
  }

  @Test
  void copyListenersHearOfTheProgress() throws Exception {
    long[] total = new long[1];
    client.setCopyStreamListener(
        new CopyStreamAdapter() {
          @Override
          public void bytesTransferred(long soFar, int count, long size) {
            total[0] = soFar;
          }
        });
    Clients.store(client, "file", "x".repeat(100_000));
    assertEquals(100_000, total[0]);
    client.retrieveFile("file", new ByteArrayOutputStream());
    assertEquals(100_000, total[0]);
  }

  @Test
  void featuresAndSystemAreTold() throws Exception {
    assertTrue(client.hasFeature("MLST"));
    assertNotNull(client.getSystemType());
    assertTrue(client.getReplyStrings().length > 0);
  }

  @Test
  void addressesAreTold() {
    assertEquals(server.host(), client.getRemoteAddress().getHostAddress());
    assertEquals(server.port(), client.getRemotePort());
    assertTrue(client.isConnected());
    assertTrue(client.isAvailable());
  }

  private record Recorder(List<String> sent, List<String> received)
      implements ProtocolCommandListener {
    @Override
    public void protocolCommandSent(ProtocolCommandEvent event) {
      sent.add(event.getMessage());
    }

    @Override
    public void protocolReplyReceived(ProtocolCommandEvent event) {
      received.add(event.getMessage());
    }
  }
}
