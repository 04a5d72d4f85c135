package org.libftps.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.apache.commons.net.ftp.FTPFile;
import org.junit.jupiter.api.Test;
import org.springframework.integration.StaticMessageHeaderAccessor;
import org.springframework.integration.channel.QueueChannel;
import org.springframework.integration.file.FileHeaders;
import org.springframework.integration.file.remote.FileInfo;
import org.springframework.integration.file.remote.gateway.AbstractRemoteFileOutboundGateway;
import org.springframework.integration.file.remote.gateway.AbstractRemoteFileOutboundGateway.Command;
import org.springframework.integration.file.remote.gateway.AbstractRemoteFileOutboundGateway.Option;
import org.springframework.integration.file.support.FileExistsMode;
import org.springframework.integration.ftp.dsl.Ftp;
import org.springframework.integration.ftp.dsl.FtpOutboundGatewaySpec;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessagingException;
import org.springframework.messaging.support.MessageBuilder;

/** {@code FtpOutboundGateway}, command by command. */
class GatewayTest extends OnEachServer {
  private FtpOutboundGatewaySpec gateway(Command command, Option... options) {
    return Ftp.outboundGateway(application.template, command, "payload")
        .options(options)
        .localDirectory(folder.toFile());
  }

  private Message<?> exchange(FtpOutboundGatewaySpec spec, Message<?> request) {
    QueueChannel replies = new QueueChannel();
    AbstractRemoteFileOutboundGateway<FTPFile> gateway = spec.getObject();
    gateway.setOutputChannel(replies);
    application.initialized(gateway);
    gateway.handleMessage(request);
    Message<?> reply = replies.receive(0);
    assertNotNull(reply);
    return reply;
  }

  private Object ask(FtpOutboundGatewaySpec spec, Object payload) {
    return exchange(spec, MessageBuilder.withPayload(payload).build()).getPayload();
  }

  private static List<String> sorted(List<String> names) {
    return names.stream().sorted().toList();
  }

  @Test
  void lsTellsFilesWithTheirSizes() {
    application.put("a.csv", "1;2");
    application.makeDirectory("dir");
    List<?> files = (List<?>) ask(gateway(Command.LS), application.home());
    assertEquals(1, files.size());
    FileInfo<?> file = (FileInfo<?>) files.get(0);
    assertEquals("a.csv", file.getFilename());
    assertEquals(3, file.getSize());
    assertFalse(file.isDirectory());
  }

  @Test
  void lsGoesIntoDirectories() {
    application.put("a.csv", "1;2");
    application.makeDirectory("dir");
    application.put("dir/b.csv", "3;4");
    Object names =
        ask(
            gateway(Command.LS, Option.NAME_ONLY, Option.RECURSIVE, Option.SUBDIRS),
            application.home());
    assertEquals(List.of("a.csv", "dir", "dir/b.csv"), names);
  }

  @Test
  void lsFilters() {
    application.put("a.csv", "1;2");
    application.put("b.txt", "text");
    assertEquals(
        List.of("a.csv"),
        ask(
            gateway(Command.LS, Option.NAME_ONLY).patternFileNameFilter("*.csv"),
            application.home()));
  }

  @Test
  void nlstTellsNames() {
    application.put("a.csv", "1;2");
    application.put("b.txt", "text");
    List<?> names = (List<?>) ask(gateway(Command.NLST), application.home());
    assertEquals(
        List.of("a.csv", "b.txt"),
        names.stream().map(name -> Path.of((String) name).getFileName().toString()).toList());
  }

  @Test
  void nlstOfAnEmptyDirectoryIsEmpty() {
    assertEquals(List.of(), ask(gateway(Command.NLST), application.home()));
  }

  @Test
  void getCopiesAFile() throws Exception {
    application.put("a.csv", "1;2");
    File file = (File) ask(gateway(Command.GET), application.path("a.csv"));
    assertEquals("1;2", Files.readString(file.toPath()));
    assertEquals(List.of("a.csv"), List.of(folder.toFile().list()));
  }

  @Test
  void getPreservesTheTimestampAndDeletes() throws Exception {
    application.put("a.csv", "1;2");
    long remote =
        application.template.list(application.path("a.csv"))[0].getTimestamp().getTimeInMillis();
    File file =
        (File)
            ask(
                gateway(Command.GET, Option.PRESERVE_TIMESTAMP, Option.DELETE),
                application.path("a.csv"));
    assertEquals(remote, file.lastModified());
    assertEquals(List.of(), application.names());
  }

  @Test
  void getStreamsAFileAndReleasesItsSession() throws Exception {
    application.put("a.csv", "1;2");
    Message<?> reply =
        exchange(
            gateway(Command.GET, Option.STREAM),
            MessageBuilder.withPayload(application.path("a.csv")).build());
    InputStream stream = (InputStream) reply.getPayload();
    assertEquals("1;2", new String(stream.readAllBytes(), StandardCharsets.UTF_8));
    StaticMessageHeaderAccessor.getCloseableResource(reply).close();
    assertEquals(List.of("a.csv"), application.names());
  }

  @Test
  void getReplacesALocalFileOnlyWhenItWasModified() throws Exception {
    application.put("a.csv", "remote");
    FtpOutboundGatewaySpec gateway =
        gateway(Command.GET, Option.PRESERVE_TIMESTAMP)
            .fileExistsMode(FileExistsMode.REPLACE_IF_MODIFIED);
    Path local = ((File) ask(gateway, application.path("a.csv"))).toPath();

    FileTime modified = Files.getLastModifiedTime(local);
    Files.writeString(local, "local");
    Files.setLastModifiedTime(local, modified);
    ask(gateway, application.path("a.csv"));
    assertEquals("local", Files.readString(local));

    Files.setLastModifiedTime(local, FileTime.fromMillis(0));
    ask(gateway, application.path("a.csv"));
    assertEquals("remote", Files.readString(local));
  }

  @Test
  void gettingWhatIsNotThereIsAnException() {
    assertThrows(
        MessagingException.class, () -> ask(gateway(Command.GET), application.path("none")));
    assertEquals(0, folder.toFile().list().length);
  }

  @Test
  void mgetCopiesWhatMatches() {
    assumeTrue(
        server == Servers.VSFTPD,
        "the others have no wildcards, or names that Spring does not expect");
    application.put("a.csv", "1;2");
    application.put("b.csv", "3;4");
    application.put("c.txt", "text");
    List<?> files = (List<?>) ask(gateway(Command.MGET), application.path("*.csv"));
    assertEquals(2, files.size());
    assertEquals(List.of("a.csv", "b.csv"), sorted(List.of(folder.toFile().list())));
  }

  @Test
  void mgetCopiesDirectoriesWithTheirFiles() throws Exception {
    application.put("a.csv", "1;2");
    application.makeDirectory("dir");
    application.put("dir/b.csv", "3;4");
    FtpOutboundGatewaySpec gateway =
        gateway(Command.MGET, Option.RECURSIVE)
            .localDirectoryExpression(
                "'"
                    + folder
                    + "' + #remoteDirectory.substring("
                    + application.home().length()
                    + ")");
    List<?> files = (List<?>) ask(gateway, application.path("*"));
    assertEquals(2, files.size());
    assertEquals("3;4", Files.readString(folder.resolve("dir/b.csv")));
  }

  @Test
  void mgetOfNothingCanBeAnException() {
    assertEquals(List.of(), ask(gateway(Command.MGET), application.path("*.none")));
    assertThrows(
        MessagingException.class,
        () -> ask(gateway(Command.MGET, Option.EXCEPTION_WHEN_EMPTY), application.path("*.none")));
  }

  @Test
  void putTellsWhereTheFileIs() throws Exception {
    Path file = Files.writeString(folder.resolve("a.csv"), "1;2");
    assertEquals(application.path("a.csv"), ask(gateway(Command.PUT), file.toFile()));
    assertEquals("1;2", application.get("a.csv"));
  }

  @Test
  void mputPutsADirectoryWithItsDirectories() throws Exception {
    Files.writeString(folder.resolve("a.csv"), "1;2");
    Files.createDirectory(folder.resolve("dir"));
    Files.writeString(folder.resolve("dir/b.csv"), "3;4");
    application.template.setAutoCreateDirectory(true);
    List<?> paths = (List<?>) ask(gateway(Command.MPUT, Option.RECURSIVE), folder.toFile());
    assertEquals(2, paths.size());
    assertEquals("1;2", application.get("a.csv"));
    assertEquals("3;4", application.get("dir/b.csv"));
  }

  @Test
  void mvMakesTheDirectoryAndMoves() {
    application.put("a.csv", "1;2");
    Message<?> request =
        MessageBuilder.withPayload(application.path("a.csv"))
            .setHeader(FileHeaders.RENAME_TO, application.path("done/a.csv"))
            .build();
    assertEquals(true, exchange(gateway(Command.MV), request).getPayload());
    assertEquals("1;2", application.get("done/a.csv"));
    assertEquals(List.of("done"), application.names());
  }

  @Test
  void rmRemoves() {
    application.put("a.csv", "1;2");
    assertEquals(true, ask(gateway(Command.RM), application.path("a.csv")));
    assertEquals(List.of(), application.names());
  }

  @Test
  void theWorkingDirectoryCanBeChosenAndIsRestored() {
    application.makeDirectory("dir");
    application.put("dir/a.csv", "1;2");
    FtpOutboundGatewaySpec gateway =
        Ftp.outboundGateway(application.template, Command.LS, (String) null)
            .options(Option.NAME_ONLY)
            .workingDirExpression("payload");
    assertEquals(List.of("a.csv"), ask(gateway, application.path("dir")));
    assertEquals(List.of("dir"), application.names());
  }

  @Test
  void aCallbackDoesWhatThereIsNoCommandFor() {
    FtpOutboundGatewaySpec gateway =
        Ftp.outboundGateway(
            application.sessions,
            (session, message) -> session.mkdir((String) message.getPayload()));
    assertEquals(true, ask(gateway, application.path("dir")));
    assertTrue(application.names().contains("dir"));
  }
}
