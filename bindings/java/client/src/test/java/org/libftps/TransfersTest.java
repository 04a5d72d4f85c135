package org.libftps;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.libftps.Failures.assertFails;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.libftps.testing.TestServer;

class TransfersTest {
  private static final byte[] HELLO =
      "Hello from the strict server.\n".getBytes(StandardCharsets.UTF_8);

  @TempDir Path folder;

  @Test
  void localFilesAreSentAndReceivedWithProgress() throws Exception {
    Path local = folder.resolve("größe %20\n");
    byte[] content = new byte[1_000_003];
    Arrays.fill(content, (byte) 7);
    Files.write(local, content);
    try (TestServer server = TestServer.strict();
        FtpsClient client = Clients.login(server)) {
      List<Long> sent = new ArrayList<>();
      assertEquals(content.length, client.upload(local, "größe", sent::add));
      assertEquals(content.length, sent.get(sent.size() - 1));
      List<Long> received = new ArrayList<>();
      Path copy = folder.resolve("copy");
      assertEquals(content.length, client.download("größe", copy, received::add));
      assertEquals(content.length, received.get(received.size() - 1));
      assertArrayEquals(content, Files.readAllBytes(copy));
      assertEquals(0, client.upload(emptyFile(), "empty"));
      assertEquals(0, client.download("empty", copy));
      assertEquals(0, Files.size(copy));
    }
  }

  @Test
  void aDownloadCanBeginInTheMiddleAndAnUploadGoOn() throws Exception {
    try (TestServer server = TestServer.strict("--sample-files");
        FtpsClient client = Clients.login(server)) {
      assertArrayEquals(
          Arrays.copyOfRange(HELLO, 6, HELLO.length), read(client.download("hello.txt", 6)));
      write(client.append("hello.txt"), "And more.");
      write(client.upload("hello.txt", 30), "But more.");
      assertEquals(
          "Hello from the strict server.\nBut more.",
          new String(read(client.download("hello.txt")), StandardCharsets.UTF_8));
    }
  }

  @Test
  void aListingTellsWhatTheServerTells() throws Exception {
    try (TestServer server = TestServer.strict("--sample-files");
        FtpsClient client = Clients.login(server)) {
      FtpsListing listing = client.list("");
      assertTrue(listing.unparsed().isEmpty());
      FtpsEntry hello = find(listing, "hello.txt");
      assertTrue(hello.isFile());
      assertEquals(HELLO.length, hello.size().getAsLong());
      assertTrue(hello.modified().get().isUtc());
      assertEquals(client.modified("hello.txt"), hello.modified().get().instant());
      assertEquals("file", hello.facts().get("type"));
      assertTrue(find(listing, "folder").isDirectory());
      assertEquals(Arrays.asList("one-mebibyte.bin"), client.names("folder"));
      assertEquals(1 << 20, client.entry("folder/one-mebibyte.bin").size().getAsLong());
    }
  }

  @Test
  void aListingIsStreamedAndMayBeLeft() throws Exception {
    try (TestServer server = TestServer.strict("--raw-listing", longListing().toString());
        FtpsClient client = Clients.login(server)) {
      List<String> unparsed = new ArrayList<>();
      try (Stream<FtpsEntry> entries = client.stream("", unparsed::add)) {
        List<String> names = entries.map(FtpsEntry::name).collect(Collectors.toList());
        assertEquals(20_000, names.size());
        assertEquals("file-19999", names.get(19_999));
      }
      assertEquals(Arrays.asList("what is this?"), unparsed);
      try (Stream<FtpsEntry> entries = client.stream("", unparsed::add)) {
        assertEquals("file-0", entries.iterator().next().name());
        assertFails("wrong-state", client::noop);
      }
      client.noop();
    }
  }

  @Test
  void aListingThatFailsUnderWayIsNotTakenForShort() throws Exception {
    String fault = "--fault=MLSD@byte:100000=reset";
    try (TestServer server = TestServer.strict("--raw-listing", longListing().toString(), fault);
        FtpsClient client = Clients.login(server)) {
      // The refusal may be there when the listing is opened, or come while it is read.
      Exception failure =
          assertThrows(
              Exception.class,
              () -> {
                try (Stream<FtpsEntry> entries = client.stream("", line -> {})) {
                  entries.count();
                }
              });
      Throwable cause = failure instanceof UncheckedIOException ? failure.getCause() : failure;
      assertInstanceOf(FtpsException.class, cause);
    }
  }

  @Test
  void aTransferOfAnyVerbEndsWithItsFinish() throws Exception {
    try (TestServer server = TestServer.strict("--sample-files");
        FtpsClient client = Clients.login(server)) {
      try (FtpsTransfer transfer = client.openTransfer(Direction.DOWNLOAD, "NLST", "folder", 0)) {
        assertTrue(transfer.isResumed());
        assertThrows(IllegalStateException.class, transfer::outputStream);
        String names = new String(readAll(transfer.inputStream()), StandardCharsets.UTF_8);
        assertEquals("one-mebibyte.bin\r\n", names);
        assertEquals(names.length(), transfer.bytesMoved());
        assertEquals(226, transfer.finish().code());
        assertFails("wrong-state", transfer::finish);
        assertFails("wrong-state", transfer::bytesMoved);
      }
      client.noop();
    }
  }

  @Test
  void aDownloadIsNotFinishedBeforeAllOfItWasRead() throws Exception {
    try (TestServer server = TestServer.strict("--sample-files");
        FtpsClient client = Clients.login(server)) {
      for (String path : List.of("hello.txt", "folder/one-mebibyte.bin")) {
        FtpsTransfer unread = client.openTransfer(Direction.DOWNLOAD, "RETR", path, 0);
        assertFails("wrong-state", unread::finish);
        FtpsTransfer begun = client.openTransfer(Direction.DOWNLOAD, "RETR", path, 0);
        begun.inputStream().read();
        assertFails("wrong-state", begun::finish);
        client.noop();
      }
    }
  }

  @Test
  void aTransferThatIsClosedWithoutFinishIsAborted() throws Exception {
    try (TestServer server = TestServer.strict()) {
      try (FtpsClient client = Clients.login(server)) {
        try (FtpsTransfer transfer = client.openTransfer(Direction.UPLOAD, "STOR", "half", 0)) {
          transfer.outputStream().write(new byte[500_000]);
          transfer.outputStream().flush();
        }
        client.noop();
        client.quit();
      }
      assertEquals(0, server.stop().get("uploads_completed"));
    }
  }

  @Test
  void aDownloadThatIsClosedBeforeItsEndIsAbortedAndTheNextIsItsOwn() throws Exception {
    try (TestServer server = TestServer.strict("--sample-files");
        FtpsClient client = Clients.login(server)) {
      InputStream left = client.download("folder/one-mebibyte.bin");
      assertEquals(0, left.read());
      assertTrue(left.available() > 0);
      left.close();
      assertFails("wrong-state", left::read);
      assertArrayEquals(HELLO, read(client.download("hello.txt")));
    }
  }

  @Test
  void anAbortedStreamGivesNothingOfALaterTransfer() throws Exception {
    try (TestServer server = TestServer.strict("--sample-files");
        FtpsClient client = Clients.login(server)) {
      InputStream aborted = client.download("folder/one-mebibyte.bin");
      byte[] expected = {0, 1, 2, 3};
      byte[] actual = new byte[2];
      aborted.read(actual);
      client.abort();
      assertArrayEquals(HELLO, read(client.download("hello.txt")));
      byte[] rest = new byte[2];
      assertEquals(2, aborted.read(rest));
      assertArrayEquals(Arrays.copyOfRange(expected, 2, 4), rest);
      assertFails("wrong-state", () -> readAll(aborted));
    }
  }

  @Test
  void aFailedWriteIsNeverFollowedByASuccess() throws Exception {
    try (TestServer server = TestServer.strict("--fault=STOR@byte:300000=reset");
        FtpsClient client = Clients.login(server)) {
      FtpsOutputStream out = client.upload("cut");
      assertThrows(
          FtpsException.class,
          () -> {
            for (int i = 0; i < 100; i++) {
              out.write(new byte[100_000]);
            }
          });
      assertFails("wrong-state", () -> out.write(1));
      out.close();
      assertEquals(0, server.stop().get("uploads_completed"));
    }
  }

  @Test
  void anUploadThatIsAbortedIsNotClosedAsComplete() throws Exception {
    try (TestServer server = TestServer.strict()) {
      try (FtpsClient client = Clients.login(server)) {
        try (FtpsOutputStream out = client.upload("half")) {
          out.write(new byte[10]);
          out.abort();
        }
        client.noop();
      }
      assertEquals(0, server.stop().get("uploads_completed"));
    }
  }

  @Test
  void whatProgressThrowsAbortsTheUploadAndReachesTheCaller() throws Exception {
    Path local = folder.resolve("local");
    Files.write(local, new byte[3_000_000]);
    RuntimeException thrown = new RuntimeException("enough");
    ProgressListener throwing =
        moved -> {
          throw thrown;
        };
    try (TestServer server = TestServer.strict()) {
      try (FtpsClient client = Clients.login(server)) {
        assertSame(
            thrown,
            assertThrows(RuntimeException.class, () -> client.upload(local, "half", throwing)));
        client.noop();
        assertTrue(client.isUsable());
      }
      assertEquals(0, server.stop().get("uploads_completed"));
    }
  }

  @Test
  void aLocalFileThatCannotBeOpenedSendsNothing() throws Exception {
    try (TestServer server = TestServer.strict();
        FtpsClient client = Clients.login(server)) {
      Path missing = folder.resolve("missing");
      FtpsException failure = assertFails("local", () -> client.upload(missing, "remote"));
      assertTrue(failure.getMessage().contains(missing.toString()), failure::getMessage);
      assertEquals(2, failure.errno());
      assertTrue(client.list("").entries().stream().noneMatch(FtpsEntry::isFile));
    }
  }

  @Test
  void aRefusedDownloadLeavesTheLocalFileAlone() throws Exception {
    Path local = folder.resolve("local");
    Files.write(local, HELLO);
    try (TestServer server = TestServer.strict();
        FtpsClient client = Clients.login(server)) {
      FtpsException failure = assertFails("refused", () -> client.download("missing", local));
      assertEquals(550, failure.replyCode());
      assertFalse(failure.replyText().isEmpty());
      assertArrayEquals(HELLO, Files.readAllBytes(local));
    }
  }

  private Path emptyFile() throws Exception {
    return Files.createFile(folder.resolve("empty"));
  }

  private Path longListing() throws Exception {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      lines.append("type=file;size=").append(i).append("; file-").append(i).append("\r\n");
      if (i == 9_999) {
        lines.append("what is this?\r\n");
      }
    }
    return Files.write(
        folder.resolve("listing"), lines.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static FtpsEntry find(FtpsListing listing, String name) {
    return listing.entries().stream().filter(entry -> entry.name().equals(name)).findFirst().get();
  }

  private static void write(OutputStream out, String text) throws Exception {
    try (OutputStream closing = out) {
      closing.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static byte[] read(InputStream in) throws Exception {
    try (InputStream closing = in) {
      return readAll(closing);
    }
  }

  private static byte[] readAll(InputStream in) throws Exception {
    return in.readAllBytes();
  }
}
