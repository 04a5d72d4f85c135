package org.libftps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.libftps.Failures.assertFails;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.libftps.testing.TestServer;

class CommandsTest {
  @Test
  void commandsDoWhatTheirNamesSay() throws Exception {
    try (TestServer server = TestServer.strict("--sample-files");
        FtpsClient client = Clients.login(server)) {
      assertEquals(220, client.greeting().code());
      assertTrue(client.features().containsKey("mlst"));
      assertEquals("/", client.currentDirectory());
      assertEquals("/neu ä", client.makeDirectory("neu ä"));
      client.changeDirectory("neu ä");
      assertEquals("/neu ä", client.currentDirectory());
      client.changeToParent();
      client.removeDirectory("neu ä");
      client.rename("hello.txt", "folder/moved.txt");
      assertEquals(30, client.size("folder/moved.txt"));
      client.delete("folder/moved.txt");
      assertEquals(550, assertFails("refused", () -> client.size("folder/moved.txt")).replyCode());
      assertEquals("UNIX Type: L8", client.system().text());
      client.setType("A");
      client.setType("I");
      FtpsReply reply = client.command("NOOP", null);
      assertTrue(reply.isCompletion());
      assertTrue(new String(reply.raw(), StandardCharsets.US_ASCII).endsWith("\r\n"));
      assertEquals(500, client.command("WHAT", "is this").code() / 100 * 100);
      client.quit();
      assertFails("wrong-state", client::noop);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\rb", "a\nb", "a\u0000b", "a\r\nDELE hello.txt"})
  void aPathWithALineEndOrNulIsRefusedBeforeAnythingIsSent(String path) throws Exception {
    Recorder recorder = new Recorder();
    try (TestServer server = TestServer.strict("--sample-files");
        FtpsClient client =
            Clients.login(server, Clients.builder(server).dialogueListener(recorder))) {
      List<String> before = recorder.sent();
      assertFails("invalid-argument", () -> client.delete(path));
      assertFails("invalid-argument", () -> client.rename("hello.txt", path));
      assertFails("invalid-argument", () -> client.download(path));
      assertFails("invalid-argument", () -> client.upload(path));
      assertFails("invalid-argument", () -> client.list(path));
      assertFails("invalid-argument", () -> client.command("SITE", path));
      assertEquals(before, recorder.sent());
      client.noop();
    }
  }

  @Test
  void namesAreWrittenInTheClientsCharacterSet() throws Exception {
    try (TestServer server = TestServer.strict("--latin1");
        FtpsClient client =
            Clients.login(server, Clients.builder(server).charset(StandardCharsets.ISO_8859_1))) {
      client.upload("größe").close();
      List<String> names =
          client.list("").entries().stream()
              .filter(FtpsEntry::isFile)
              .map(FtpsEntry::name)
              .collect(Collectors.toList());
      assertEquals(List.of("größe"), names);
      assertFails("invalid-argument", () -> client.size("\u4e2d"));
    }
  }

  @Test
  void aCommandWhileAStreamIsOpenIsAnErrorAndTheStreamGoesOn() throws Exception {
    try (TestServer server = TestServer.strict("--sample-files");
        FtpsClient client = Clients.login(server)) {
      try (FtpsInputStream in = client.download("hello.txt")) {
        assertFails("wrong-state", client::noop);
        assertFails("wrong-state", () -> client.download("hello.txt"));
        assertEquals(30, in.readAllBytes().length);
      }
      client.noop();
    }
  }
}
