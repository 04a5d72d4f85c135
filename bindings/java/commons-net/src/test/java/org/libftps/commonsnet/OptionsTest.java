package org.libftps.commonsnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.net.MalformedServerReplyException;
import org.apache.commons.net.ProtocolCommandEvent;
import org.apache.commons.net.ProtocolCommandListener;
import org.apache.commons.net.ftp.FTPFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.libftps.testing.Kind;
import org.libftps.testing.TestServer;

/** Options that the libraries over Commons Net do not use, and applications do. */
class OptionsTest {
  private static List<String> names(FTPFile[] files) {
    return Arrays.stream(files)
        .map(FTPFile::getName)
        .filter(name -> !name.equals(".") && !name.equals(".."))
        .sorted()
        .collect(Collectors.toList());
  }

  @ParameterizedTest
  @EnumSource(names = {"VSFTPD", "PROFTPD"})
  void hiddenFilesAreListedWhereTheyAreAskedFor(Kind kind) throws Exception {
    try (TestServer server = TestServer.real(kind, "1.3")) {
      NativeFTPSClient client = Clients.loggedIn(server);
      String folder = server.remoteHome() + "/folder";
      assertTrue(client.makeDirectory(folder));
      Clients.store(client, folder + "/.hidden", "content");
      Clients.store(client, folder + "/file", "content");
      client.changeWorkingDirectory(folder);
      client.setListHiddenFiles(true);
      assertEquals(List.of(".hidden", "file"), names(client.listFiles()));
      client.disconnect();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"VSFTPD", "PROFTPD"})
  void theServerChoosesAUniqueName(Kind kind) throws Exception {
    try (TestServer server = TestServer.real(kind, "1.3")) {
      NativeFTPSClient client = Clients.loggedIn(server);
      String folder = server.remoteHome() + "/folder";
      assertTrue(client.makeDirectory(folder));
      client.changeWorkingDirectory(folder);
      assertTrue(client.storeUniqueFile(Clients.bytes("one")), client.getReplyString());
      assertTrue(client.storeUniqueFile(Clients.bytes("two")), client.getReplyString());
      try (OutputStream stream = client.storeUniqueFileStream()) {
        stream.write("three".getBytes());
      }
      assertTrue(client.completePendingCommand(), client.getReplyString());

      List<String> contents = new ArrayList<>();
      for (String name : names(client.listFiles())) {
        contents.add(Clients.retrieve(client, name));
      }
      contents.sort(null);
      assertEquals(List.of("one", "three", "two"), contents);
      client.disconnect();
    }
  }

  @Test
  void aServerWithoutUniqueNamesIsFalse() throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFTPSClient client = Clients.loggedIn(server);
      assertFalse(client.storeUniqueFile(Clients.bytes("one")));
      assertTrue(client.getReplyCode() >= 500, client.getReplyString());
      client.disconnect();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void extendedPassiveModeComesFirstInAnyCase(boolean selected) throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFTPSClient client = Clients.trusting(server);
      List<String> commands = commandsOf(client);
      client.setUseEPSVwithIPv4(selected);
      Clients.logIn(client, server);
      Clients.store(client, "file", "content");
      assertTrue(commands.contains("EPSV"), commands.toString());
      assertEquals(selected, client.isUseEPSVwithIPv4());
      client.disconnect();
    }
  }

  private static List<String> commandsOf(NativeFTPSClient client) {
    List<String> commands = new ArrayList<>();
    client.addProtocolCommandListener(
        new ProtocolCommandListener() {
          @Override
          public void protocolCommandSent(ProtocolCommandEvent event) {
            commands.add(event.getCommand());
          }

          @Override
          public void protocolReplyReceived(ProtocolCommandEvent event) {}
        });
    return commands;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsNoReplyIsAnErrorInAnyCase(boolean strict) throws Exception {
    try (TestServer server = TestServer.strict("--fault", "PWD@reply=reply:What?")) {
      NativeFTPSClient client = Clients.loggedIn(server);
      client.setStrictReplyParsing(strict);
      assertThrows(MalformedServerReplyException.class, client::printWorkingDirectory);
      client.disconnect();
    }
  }

  @Test
  void inActiveModeOnlyTheServerIsTakenWhereItIsVerified() throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFTPSClient client = intruded(server);
      Clients.store(client, "file", "content");
      client.setRemoteVerificationEnabled(false);
      assertThrows(IOException.class, () -> Clients.store(client, "other", "content"));
      client.disconnect();
    }
  }

  /** Somebody else connects before the server does. */
  private static NativeFTPSClient intruded(TestServer server) throws IOException {
    NativeFTPSClient client = Clients.loggedIn(server);
    client.enterLocalActiveMode();
    client.setActivePortRange(20_500, 20_500);
    client.addProtocolCommandListener(
        new ProtocolCommandListener() {
          private String command = "";

          @Override
          public void protocolCommandSent(ProtocolCommandEvent event) {
            command = event.getCommand();
          }

          @Override
          public void protocolReplyReceived(ProtocolCommandEvent event) {
            if (command.equals("PORT")) {
              intrude();
            }
          }
        });
    return client;
  }

  private static void intrude() {
    try {
      InetAddress foreign = InetAddress.getByName("127.0.0.2");
      new Socket("127.0.0.1", 20_500, foreign, 0).close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
