package org.libftps.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.net.ftp.FTPClient;
import org.junit.jupiter.api.Test;
import org.springframework.expression.common.LiteralExpression;
import org.springframework.integration.file.remote.ClientCallback;
import org.springframework.integration.file.support.FileExistsMode;
import org.springframework.integration.ftp.session.FtpRemoteFileTemplate.ExistsMode;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessagingException;
import org.springframework.messaging.support.MessageBuilder;

/** {@code FtpRemoteFileTemplate}, method by method. */
class RemoteFileTemplateTest extends OnEachServer {
  private Message<?> file(String name, String content) throws Exception {
    Path file = Files.writeString(folder.resolve(name), content);
    return MessageBuilder.withPayload(file.toFile()).build();
  }

  @Test
  void sendsAFileAndTellsWhereItIs() throws Exception {
    String sent = application.template.send(file("result.csv", "3;4"));
    assertEquals(application.path("result.csv"), sent);
    assertEquals("3;4", application.get("result.csv"));
    assertEquals(List.of("result.csv"), application.names());
  }

  @Test
  void sendsIntoADirectoryThatItMakes() throws Exception {
    application.template.setAutoCreateDirectory(true);
    application.template.send(file("result.csv", "3;4"), "2026/11");
    assertEquals("3;4", application.get("2026/11/result.csv"));
  }

  @Test
  void sendsUnderATemporaryNameInAnotherDirectory() throws Exception {
    application.makeDirectory("unfinished");
    application.template.setTemporaryRemoteDirectoryExpression(
        new LiteralExpression(application.path("unfinished")));
    application.template.afterPropertiesSet();
    application.template.send(file("result.csv", "3;4"));
    assertEquals("3;4", application.get("result.csv"));
    assertEquals(
        List.of(), Application.names(application.template.list(application.path("unfinished"))));
  }

  @Test
  void sendsBytesStringsAndStreams() {
    application.template.setFileNameGenerator(message -> (String) message.getHeaders().get("name"));
    byte[] bytes = "content".getBytes(StandardCharsets.UTF_8);
    for (Object payload : List.of("content", bytes, new ByteArrayInputStream(bytes))) {
      String name = payload.getClass().getSimpleName().replace("[]", "s");
      application.template.send(
          MessageBuilder.withPayload(payload).setHeader("name", name).build());
      assertEquals("content", application.get(name));
    }
  }

  @Test
  void sendingAgainReplacesTheFile() throws Exception {
    application.put("file", "a longer content than the next");
    application.template.send(file("file", "new"));
    assertEquals("new", application.get("file"));
  }

  @Test
  void appends() throws Exception {
    application.template.setUseTemporaryFileName(false);
    application.put("log", "one,");
    application.template.append(file("log", "two"));
    assertEquals("one,two", application.get("log"));
  }

  @Test
  void aFileThatIsThereIsKeptWhenItMustNotBeReplaced() throws Exception {
    application.put("file", "old");
    application.template.send(file("file", "new"), FileExistsMode.IGNORE);
    assertThrows(
        MessagingException.class,
        () -> application.template.send(file("file", "new"), FileExistsMode.FAIL));
    assertEquals("old", application.get("file"));
  }

  @Test
  void getsAsAStream() {
    application.put("file", "content");
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    assertTrue(
        application.template.get(application.path("file"), stream -> stream.transferTo(content)));
    assertEquals("content", content.toString(StandardCharsets.UTF_8));
  }

  @Test
  void aCallbackThatReadsAPartLeavesTheSessionUsable() {
    application.put("large", "x".repeat(3_000_000));
    application.template.invoke(
        operations -> {
          boolean whole =
              operations.get(
                  application.path("large"),
                  stream -> assertEquals(10, stream.readNBytes(10).length));
          assertFalse(whole);
          assertTrue(operations.exists(application.path("large")));
          return null;
        });
    assertEquals(List.of("large"), application.names());
  }

  @Test
  void aCallbackThatReadsAllWithoutSeeingTheEndHasTheWholeFile() {
    application.put("file", "content");
    assertTrue(
        application.template.get(
            application.path("file"), stream -> assertEquals(7, stream.readNBytes(7).length)));
  }

  @Test
  void gettingAFileThatIsNotThereIsAnExceptionWithTheReply() {
    MessagingException thrown =
        assertThrows(
            MessagingException.class,
            () -> application.template.get(application.path("none"), stream -> {}));
    assertTrue(thrown.getCause().getMessage().contains("550"), thrown.getCause().getMessage());
  }

  @Test
  void listsFilesWithSizesAndDirectories() {
    application.put("a", "content");
    application.makeDirectory("b");
    assertEquals(List.of("a", "b"), application.names());
    for (var file : application.template.list(application.path("a"))) {
      assertEquals(7, file.getSize());
      assertTrue(file.isFile());
    }
  }

  @Test
  void existsTellsFilesAndDirectories() {
    application.put("file", "content");
    application.makeDirectory("dir");
    for (ExistsMode mode : ExistsMode.values()) {
      // vsftpd says 213 to any STAT.
      if (mode != ExistsMode.STAT || server != Servers.VSFTPD) {
        application.template.setExistsMode(mode);
        assertTrue(application.template.exists(application.path("file")), mode.toString());
        assertFalse(application.template.exists(application.path("none")), mode.toString());
      }
    }
    assertTrue(application.template.exists(application.path("dir")));
  }

  @Test
  void renamesOverAFileThatIsThere() {
    application.put("old", "new content");
    application.put("target", "old content");
    application.template.rename(application.path("old"), application.path("target"));
    assertEquals("new content", application.get("target"));
    assertEquals(List.of("target"), application.names());
  }

  @Test
  void renamesIntoADirectoryThatItMakes() {
    application.put("file", "content");
    application.template.rename(application.path("file"), application.path("archive/2026/file"));
    assertEquals("content", application.get("archive/2026/file"));
  }

  @Test
  void removes() {
    application.put("file", "content");
    assertTrue(application.template.remove(application.path("file")));
    assertEquals(List.of(), application.names());
  }

  @Test
  void removingWhatIsNotThereIsAnException() {
    assertThrows(
        MessagingException.class, () -> application.template.remove(application.path("none")));
  }

  @Test
  void makesAndRemovesDirectories() {
    application.template.execute(
        session -> {
          assertTrue(session.mkdir(application.path("dir")));
          assertFalse(session.mkdir(application.path("dir")));
          assertTrue(session.rmdir(application.path("dir")));
          assertFalse(session.rmdir(application.path("dir")));
          return null;
        });
  }

  @Test
  void theClientCanBeUsedItself() {
    ClientCallback<FTPClient, Integer> port = FTPClient::getRemotePort;
    assertEquals(application.server.port(), application.template.executeWithClient(port));
  }

  @Test
  void oneSessionServesAnInvocation() throws Exception {
    try (Application counted = new Application(server.start())) {
      counted.template.invoke(
          operations -> {
            for (int i = 0; i < 5; i++) {
              assertEquals(0, operations.list(counted.home()).length);
            }
            return null;
          });
      counted.sessions.destroy();
      assertEquals(1, counted.server.stop().controlHandshakes());
    }
  }
}
