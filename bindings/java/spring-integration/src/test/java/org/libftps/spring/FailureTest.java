package org.libftps.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.commons.net.ftp.FTPFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.libftps.testing.TestServer;
import org.springframework.integration.file.remote.session.Session;
import org.springframework.integration.ftp.dsl.Ftp;
import org.springframework.integration.ftp.inbound.FtpInboundFileSynchronizingMessageSource;
import org.springframework.integration.ftp.session.FtpRemoteFileTemplate.ExistsMode;
import org.springframework.messaging.MessagingException;
import org.springframework.messaging.support.MessageBuilder;

/** What goes wrong at night is an exception with the reason, and nothing half passes for whole. */
class FailureTest {
  /** TLS 1.2 without anything to resume by: every data connection is refused. */
  private static final String[] REFUSING = {"--tls", "1.2", "--tls12-sessions", "neither"};

  private static final String LARGE = "x".repeat(2_000_000);

  /** More than the system's buffers take: a cut before the stream is there would be readRaw's. */
  private static final String BEYOND_BUFFERS = "x".repeat(32_000_000);

  @TempDir private Path folder;

  private static Application strict(String... options) throws Exception {
    return new Application(TestServer.strict(options));
  }

  private static String[] with(String[] options, String... more) {
    String[] all = new String[options.length + more.length];
    System.arraycopy(options, 0, all, 0, options.length);
    System.arraycopy(more, 0, all, options.length, more.length);
    return all;
  }

  /** The messages of what is thrown, and of its causes. */
  private static String reasons(Executable executable) {
    StringBuilder reasons = new StringBuilder();
    for (Throwable cause = assertThrows(Exception.class, executable);
        cause != null;
        cause = cause.getCause()) {
      reasons.append(cause).append('\n');
    }
    return reasons.toString();
  }

  private static void assertSays(String expected, Executable executable) {
    String reasons = reasons(executable);
    assertTrue(reasons.contains(expected), reasons);
  }

  private FtpInboundFileSynchronizingMessageSource inbound(Application application) {
    FtpInboundFileSynchronizingMessageSource source =
        application.initialized(
            Ftp.inboundAdapter(application.sessions)
                .remoteDirectory(application.home())
                .localDirectory(folder.toFile())
                .getObject());
    source.start();
    return source;
  }

  // ---- Refused data connections
  // -------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"filezilla-0.9", "filezilla-1", "vsftpd", "proftpd"})
  void aRefusedDataConnectionIsAnExceptionWithTheReplyAndNotAnEmptyListing(String wording)
      throws Exception {
    String reply =
        switch (wording) {
          case "filezilla-0.9" -> "450 TLS session of data connection has not resumed";
          case "filezilla-1" -> "425";
          case "vsftpd" -> "522 SSL connection failed";
          default -> "425 Unable to build data connection";
        };
    try (Application application = strict(with(REFUSING, "--wording", wording))) {
      assertSays(reply, () -> application.template.list("/"));
      assertSays(reply, () -> application.template.execute(session -> session.listNames("/")));
      application.template.setExistsMode(ExistsMode.NLST);
      assertSays(reply, () -> application.template.exists("/"));
    }
  }

  @Test
  void aRefusedUploadIsAnException() throws Exception {
    try (Application application = strict(with(REFUSING, "--sample-files"))) {
      assertSays("450", () -> application.put("file", "content"));
    }
  }

  @Test
  void aRefusedDownloadLeavesNoLocalFile() throws Exception {
    try (Application application = strict("--fault", "RETR@final=reply:451 Local error.")) {
      application.put("file", "");
      assertSays("451 Local error.", () -> inbound(application).receive());
      assertFalse(Files.exists(folder.resolve("file")));
    }
  }

  // ---- Logging in
  // -----------------------------------------------------------------------------------

  @Test
  void aFailedLoginIsAnExceptionWithTheReplyAndClosesTheConnection() throws Exception {
    try (Application application = strict()) {
      NativeFtpsSessionFactory factory = Application.factoryFor(application.server);
      factory.setPassword("wrong");
      int before = openSockets(application.server.port());
      for (int i = 0; i < 3; i++) {
        assertSays("530", factory::getSession);
      }
      assertEquals(before, openSockets(application.server.port()));
      assertEquals(3, application.server.stop().controlHandshakes());
    }
  }

  @Test
  void aRefusedFileTypeIsAnExceptionAndClosesTheConnection() throws Exception {
    // The login itself sends TYPE once.
    try (Application application = strict("--fault", "TYPE#2@reply=reply:504 No.")) {
      int before = openSockets(application.server.port());
      assertSays("504 No.", application.factory::getSession);
      assertEquals(before, openSockets(application.server.port()));
      application.factory.getSession().close();
    }
  }

  @Test
  void anUntrustedServerIsRefusedBeforeTheLogin() throws Exception {
    try (Application application = strict()) {
      NativeFtpsSessionFactory factory =
          Application.configured(new NativeFtpsSessionFactory(), application.server);
      assertSays("certificate", factory::getSession);
      assertEquals(0, application.server.stop().get("logins"));
    }
  }

  /** Established connections of this process to a port of this machine. */
  private static int openSockets(int port) throws IOException {
    String remote = String.format("0100007F:%04X", port);
    List<String> links = new ArrayList<>();
    try (var descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors) {
        try {
          links.add(Files.readSymbolicLink(descriptor).toString());
        } catch (IOException e) {
          // The directory's own, which is closed by now.
        }
      }
    }
    return (int)
        Files.readAllLines(Path.of("/proc/self/net/tcp")).stream()
            .map(line -> line.trim().split("\\s+"))
            .filter(fields -> fields[2].equals(remote))
            .filter(fields -> links.contains("socket:[" + fields[9] + "]"))
            .count();
  }

  // ---- Transfers that are cut
  // -----------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"cut", "reset", "cut-both", "reset-both"})
  void aDownloadThatIsCutLeavesNoLocalFileAndIsFetchedByTheNextPoll(String how) throws Exception {
    try (Application application = strict("--fault", "RETR@byte:1000000=" + how)) {
      application.put("large", LARGE);
      FtpInboundFileSynchronizingMessageSource source = inbound(application);
      assertThrows(MessagingException.class, source::receive);
      assertFalse(Files.exists(folder.resolve("large")));

      File fetched = source.receive().getPayload();
      assertEquals(LARGE.length(), fetched.length());
    }
  }

  @Test
  void aStreamThatIsCutThrowsAndSoDoesFinalizing() throws Exception {
    try (Application application = strict("--fault", "RETR@byte:30000000=cut")) {
      application.put("large", BEYOND_BUFFERS);
      try (Session<FTPFile> session = application.factory.getSession()) {
        InputStream stream = session.readRaw("/large");
        assertThrows(IOException.class, stream::readAllBytes);
        stream.close();
        assertThrows(IOException.class, session::finalizeRaw);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cut", "reset", "cut-both", "reset-both"})
  void anUploadThatIsCutLeavesTheFileThatWasThere(String how) throws Exception {
    try (Application application = strict("--fault", "STOR#2@byte:1000000=" + how)) {
      application.put("file", "old");
      Path local = Files.writeString(folder.resolve("file"), LARGE);
      assertThrows(
          MessagingException.class,
          () -> application.template.send(MessageBuilder.withPayload(local.toFile()).build()));
      assertEquals("old", application.get("file"));

      application.template.send(MessageBuilder.withPayload(local.toFile()).build());
      assertEquals(LARGE, application.get("file"));
    }
  }

  @Test
  void anUploadWhoseSourceFailsIsNotTakenForWhole() throws Exception {
    try (Application application = strict("--lenient-upload-end")) {
      InputStream failing =
          new ByteArrayInputStream(LARGE.getBytes()) {
            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
              if (available() < LARGE.length() / 2) {
                throw new IllegalStateException("the source has failed");
              }
              return super.read(buffer, offset, length);
            }
          };
      application.template.setFileNameGenerator(message -> "file");
      assertSays(
          "the source has failed",
          () -> application.template.send(MessageBuilder.withPayload(failing).build()));
      assertFalse(application.names().contains("file"));
      assertEquals(0, application.server.stop().get("uploads_completed"));
    }
  }

  @Test
  void aFullDiskIsAnExceptionWithTheReply() throws Exception {
    try (Application application = strict("--fault", "STOR@final=reply:452 Disk full.")) {
      Path local = Files.writeString(folder.resolve("file"), "content");
      assertSays(
          "452 Disk full.",
          () -> application.template.send(MessageBuilder.withPayload(local.toFile()).build()));
      assertFalse(application.names().contains("file"));
    }
  }

  @Test
  void aServerThatFallsSilentIsAnExceptionInTime() throws Exception {
    try (Application application = strict("--fault", "RETR@byte:1000=stall")) {
      application.factory.setDataTimeout(500);
      application.factory.setDefaultTimeout(500);
      application.put("large", LARGE);
      assertThrows(MessagingException.class, () -> application.get("large"));
    }
  }

  // ---- Restarts
  // ---------------------------------------------------------------------------------------

  @Test
  void aPollAfterARestartOfTheServerWorks() throws Exception {
    Path root = Files.createDirectory(folder.resolve("root"));
    Path local = Files.createDirectory(folder.resolve("local"));
    Files.writeString(root.resolve("first"), "1");
    AtomicReference<byte[]> ca = new AtomicReference<>();
    TestServer first = TestServer.strict("--root", root.toString());
    try (Application application = new Application(first)) {
      ca.set(first.ca());
      application.factory.setOptions(builder -> builder.extraRootsPem(ca.get()));
      FtpInboundFileSynchronizingMessageSource source =
          application.initialized(
              Ftp.inboundAdapter(application.sessions)
                  .remoteDirectory("/")
                  .localDirectory(local.toFile())
                  .getObject());
      source.start();
      assertEquals("first", source.receive().getPayload().getName());

      first.stop();
      assertThrows(MessagingException.class, source::receive);
      try (TestServer second =
          TestServer.strict("--root", root.toString(), "--listen", "127.0.0.1:" + first.port())) {
        ca.set(second.ca());
        Files.writeString(root.resolve("second"), "2");
        assertEquals("second", source.receive().getPayload().getName());
        assertNull(source.receive());
      }
    }
  }

  // ---- Names
  // ------------------------------------------------------------------------------------------

  @Test
  void aRenameWithoutSourceLeavesTheTarget() throws Exception {
    try (Application application = strict()) {
      application.put("target", "content");
      assertSays("550", () -> application.template.rename("/none", "/target"));
      assertEquals("content", application.get("target"));
    }
  }

  @Test
  void aRenameDeletesTheTargetOnlyWhereTheServerDoesNotReplaceIt() throws Exception {
    try (Application application = strict("--fault", "RNFR#1@reply=reply:553 The file is there.")) {
      application.put("file", "new");
      application.put("target", "old");
      application.template.rename("/file", "/target");
      assertEquals("new", application.get("target"));
      assertEquals(List.of("target"), application.names());
    }
  }

  @Test
  void aRefusedRenameOntoItselfDeletesNothing() throws Exception {
    try (Application application = strict("--fault", "RNFR#*@reply=reply:553 The file is there.")) {
      application.put("file", "content");
      assertSays("553", () -> application.template.rename("/file", "/file"));
      assertEquals("content", application.get("file"));
    }
  }

  @Test
  void existsDoesNotChangeTheDirectory() throws Exception {
    for (String features : List.of("MLST type*;size*;", "SIZE")) {
      try (Application application = strict("--feature", features)) {
        application.put("file", "content");
        application.makeDirectory("dir");
        try (Session<FTPFile> session = application.sessions.getSession()) {
          assertTrue(session.exists("/file"));
          assertTrue(session.exists("/dir"));
          assertTrue(session.exists("dir/"));
          assertFalse(session.exists("/none"));
        }
        assertFalse(
            application.commands.stream().anyMatch(command -> command.startsWith("CWD")),
            application.commands.toString());
      }
    }
  }

  @Test
  void existsThrowsWhereTheServerSaysNeither() throws Exception {
    try (Application application = strict("--fault", "MLST@reply=reply:451 Try later.")) {
      assertSays(
          "451 Try later.", () -> application.template.execute(session -> session.exists("/a")));
    }
  }

  // ---- Sessions
  // -----------------------------------------------------------------------------------------

  @Test
  void aRawReadThatFailedDoesNotStandInTheWayOfTheNext() throws Exception {
    try (Application application = strict()) {
      application.put("file", "content");
      try (Session<FTPFile> session = application.factory.getSession()) {
        assertThrows(IOException.class, () -> session.readRaw("/none"));
        assertNotNull(session.readRaw("/file"));
        assertThrows(IOException.class, () -> session.readRaw("/file"));
        assertFalse(session.finalizeRaw());

        assertThrows(IOException.class, () -> session.readRaw("/none"));
        assertTrue(session.finalizeRaw());
        assertThrows(IOException.class, session::finalizeRaw);
      }
    }
  }

  @Test
  void aSessionWithAnOpenRawReadIsOpenAndGoesOn() throws Exception {
    try (Application application = strict()) {
      application.put("file", "content");
      try (Session<FTPFile> session = application.factory.getSession()) {
        InputStream stream = session.readRaw("/file");
        assertTrue(session.isOpen());
        assertEquals("content", new String(stream.readAllBytes()));
        assertTrue(session.finalizeRaw());
      }
    }
  }

  @Test
  void closingASessionClosesItsConnectionAlsoWhenItIsBroken() throws Exception {
    try (Application application = strict("--fault", "RETR@byte:30000000=cut-both")) {
      application.put("large", BEYOND_BUFFERS);
      int before = openSockets(application.server.port());
      Session<FTPFile> session = application.factory.getSession();
      InputStream stream = session.readRaw("/large");
      assertThrows(IOException.class, stream::readAllBytes);
      session.close();
      session.close();
      assertFalse(session.isOpen());
      assertEquals(before, openSockets(application.server.port()));
    }
  }
}
