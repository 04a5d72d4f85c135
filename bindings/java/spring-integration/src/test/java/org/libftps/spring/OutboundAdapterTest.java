package org.libftps.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.net.ftp.FTPFile;
import org.junit.jupiter.api.Test;
import org.springframework.integration.file.support.FileExistsMode;
import org.springframework.integration.ftp.dsl.Ftp;
import org.springframework.integration.ftp.dsl.FtpMessageHandlerSpec;
import org.springframework.messaging.MessagingException;
import org.springframework.messaging.support.MessageBuilder;

/** {@code FtpMessageHandler}, which puts the files of messages. */
class OutboundAdapterTest extends OnEachServer {
  private FtpMessageHandlerSpec adapter(FileExistsMode mode) {
    return Ftp.outboundAdapter(application.sessions, mode).remoteDirectory(application.home());
  }

  private void send(FtpMessageHandlerSpec adapter, String name, String content) throws Exception {
    Path file = Files.writeString(folder.resolve(name), content);
    application
        .initialized(adapter.getObject())
        .handleMessage(MessageBuilder.withPayload(file.toFile()).build());
  }

  private boolean wasSent(String verb) {
    return application.commands.stream().anyMatch(command -> command.startsWith(verb + " "));
  }

  @Test
  void aFileHasItsNameOnlyWhenItIsComplete() throws Exception {
    send(adapter(FileExistsMode.REPLACE), "file", "content");
    assertEquals("content", application.get("file"));
    assertTrue(application.commands.contains("STOR " + application.path("file.writing")));
    assertTrue(application.commands.contains("RNTO " + application.path("file")));
  }

  @Test
  void aFileIsReplacedWithoutBeingDeletedBefore() throws Exception {
    application.put("file", "old");
    send(adapter(FileExistsMode.REPLACE), "file", "new");
    assertEquals("new", application.get("file"));
    assertFalse(wasSent("DELE"), application.commands.toString());
    assertEquals(List.of("file"), application.names());
  }

  @Test
  void theTemporarySuffixCanBeChosen() throws Exception {
    send(adapter(FileExistsMode.REPLACE).temporaryFileSuffix(".part"), "file", "content");
    assertTrue(application.commands.contains("STOR " + application.path("file.part")));
    assertEquals(List.of("file"), application.names());
  }

  @Test
  void temporaryNamesCanBeSwitchedOff() throws Exception {
    send(adapter(FileExistsMode.REPLACE).useTemporaryFileName(false), "file", "content");
    assertTrue(application.commands.contains("STOR " + application.path("file")));
    assertFalse(wasSent("RNTO"));
  }

  @Test
  void missingDirectoriesAreMade() throws Exception {
    send(
        Ftp.outboundAdapter(application.sessions)
            .remoteDirectory(application.path("2026/11/25"))
            .autoCreateDirectory(true),
        "file",
        "content");
    assertEquals("content", application.get("2026/11/25/file"));
  }

  @Test
  void appendingContinuesTheFile() throws Exception {
    application.put("log", "one,");
    send(adapter(FileExistsMode.APPEND).useTemporaryFileName(false), "log", "two");
    assertEquals("one,two", application.get("log"));
  }

  @Test
  void failingKeepsTheFileThatIsThere() throws Exception {
    application.put("file", "old");
    assertThrows(MessagingException.class, () -> send(adapter(FileExistsMode.FAIL), "file", "new"));
    assertEquals("old", application.get("file"));
    send(adapter(FileExistsMode.FAIL), "other", "content");
    assertEquals("content", application.get("other"));
  }

  @Test
  void ignoringKeepsTheFileThatIsThere() throws Exception {
    application.put("file", "old");
    send(adapter(FileExistsMode.IGNORE), "file", "new");
    assertEquals("old", application.get("file"));
    send(adapter(FileExistsMode.IGNORE), "other", "content");
    assertEquals("content", application.get("other"));
  }

  /** Spring Integration has it for local files only. */
  @Test
  void replacingIfModifiedIsRefused() throws Exception {
    application.put("file", "old");
    assertThrows(
        RuntimeException.class,
        () -> send(adapter(FileExistsMode.REPLACE_IF_MODIFIED), "file", "new"));
    assertEquals("old", application.get("file"));
  }

  @Test
  void permissionsAreSetWhereTheServerCan() throws Exception {
    send(adapter(FileExistsMode.REPLACE).chmod(0640), "file", "content");
    assertTrue(
        application.commands.contains("SITE chmod 640 " + application.path("file")),
        application.commands.toString());
    if (server == Servers.PROFTPD) {
      FTPFile file = application.template.list(application.path("file"))[0];
      assertFalse(file.hasPermission(FTPFile.WORLD_ACCESS, FTPFile.READ_PERMISSION));
      assertTrue(file.hasPermission(FTPFile.GROUP_ACCESS, FTPFile.READ_PERMISSION));
    }
  }

  @Test
  void aLargeFileArrivesWhole() throws Exception {
    String content = "0123456789abcdef".repeat(300_000);
    send(adapter(FileExistsMode.REPLACE), "large", content);
    assertEquals(content, application.get("large"));
  }
}
