package org.libftps.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.integration.file.FileHeaders;
import org.springframework.integration.file.filters.AcceptOnceFileListFilter;
import org.springframework.integration.file.filters.ChainFileListFilter;
import org.springframework.integration.file.filters.SimplePatternFileListFilter;
import org.springframework.integration.ftp.dsl.Ftp;
import org.springframework.integration.ftp.dsl.FtpInboundChannelAdapterSpec;
import org.springframework.integration.ftp.filters.FtpPersistentAcceptOnceFileListFilter;
import org.springframework.integration.ftp.filters.FtpSimplePatternFileListFilter;
import org.springframework.integration.ftp.filters.FtpSystemMarkerFilePresentFileListFilter;
import org.springframework.integration.ftp.inbound.FtpInboundFileSynchronizingMessageSource;
import org.springframework.integration.metadata.SimpleMetadataStore;
import org.springframework.messaging.Message;

/** {@code FtpInboundFileSynchronizingMessageSource}, which copies files to a local folder. */
class InboundAdapterTest extends OnEachServer {
  private FtpInboundChannelAdapterSpec adapter() {
    return Ftp.inboundAdapter(application.sessions)
        .remoteDirectory(application.home())
        .localDirectory(folder.toFile())
        .autoCreateLocalDirectory(true);
  }

  private FtpInboundFileSynchronizingMessageSource started(FtpInboundChannelAdapterSpec adapter) {
    FtpInboundFileSynchronizingMessageSource source = application.initialized(adapter.getObject());
    source.start();
    return source;
  }

  /** Names of the files that are received until there is no more. */
  private static List<String> received(FtpInboundFileSynchronizingMessageSource source) {
    List<String> names = new ArrayList<>();
    for (Message<File> message = source.receive(); message != null; message = source.receive()) {
      names.add(message.getPayload().getName());
    }
    return names.stream().sorted().toList();
  }

  @Test
  void eachFileIsReceivedOnceWithItsContent() throws Exception {
    application.put("a.csv", "1;2");
    application.put("b.csv", "");
    FtpInboundFileSynchronizingMessageSource source = started(adapter());
    assertEquals(List.of("a.csv", "b.csv"), received(source));
    assertEquals("1;2", Files.readString(folder.resolve("a.csv")));
    assertEquals("", Files.readString(folder.resolve("b.csv")));

    application.put("c.csv", "3;4");
    assertEquals(List.of("c.csv"), received(source));
  }

  @Test
  void aMessageTellsWhereItsFileIsFrom() {
    application.put("a.csv", "1;2");
    Message<File> message = started(adapter()).receive();
    assertEquals("a.csv", message.getHeaders().get(FileHeaders.REMOTE_FILE));
    assertEquals(application.home(), message.getHeaders().get(FileHeaders.REMOTE_DIRECTORY));
    String hostPort = (String) message.getHeaders().get(FileHeaders.REMOTE_HOST_PORT);
    assertTrue(hostPort.endsWith(":" + application.server.port()), hostPort);
  }

  @Test
  void timestampsArePreserved() throws Exception {
    application.put("a.csv", "1;2");
    started(adapter().preserveTimestamp(true)).receive();
    long remote =
        application
            .template
            .list(application.path("a.csv"))[0]
            .getTimestampInstant()
            .toEpochMilli();
    assertEquals(remote, Files.getLastModifiedTime(folder.resolve("a.csv")).toMillis());
  }

  @Test
  void fetchedFilesAreDeletedOnTheServer() {
    application.put("a.csv", "1;2");
    application.put("b.txt", "text");
    assertEquals(
        List.of("a.csv"),
        received(started(adapter().patternFilter("*.csv").deleteRemoteFiles(true))));
    assertEquals(List.of("b.txt"), application.names());
  }

  @Test
  void aLocalFilterDecidesWhatIsReceived() {
    application.put("a.csv", "1;2");
    application.put("b.txt", "text");
    ChainFileListFilter<File> filter = new ChainFileListFilter<>();
    filter.addFilter(new SimplePatternFileListFilter("*.csv"));
    filter.addFilter(new AcceptOnceFileListFilter<>());
    assertEquals(List.of("a.csv"), received(started(adapter().localFilter(filter))));
    assertTrue(Files.exists(folder.resolve("b.txt")));
  }

  @Test
  void atMostTheMaximumIsFetchedInOnePoll() {
    for (int i = 0; i < 3; i++) {
      application.put("file" + i, "content");
    }
    FtpInboundFileSynchronizingMessageSource source = started(adapter().maxFetchSize(1));
    assertNotNull(source.receive());
    assertEquals(1, folder.toFile().list().length);
    assertEquals(2, received(source).size());
  }

  @Test
  void aFileWithoutItsMarkerWaits() {
    application.put("a.csv", "1;2");
    FtpInboundFileSynchronizingMessageSource source =
        started(
            adapter()
                .filter(
                    new FtpSystemMarkerFilePresentFileListFilter(
                        new FtpSimplePatternFileListFilter("*.csv"), ".complete")));
    assertNull(source.receive());
    application.put("a.csv.complete", "");
    assertEquals(List.of("a.csv"), received(source));
  }

  @Test
  void aPersistentFilterRemembersOverARestart() throws Exception {
    application.put("a.csv", "1;2");
    SimpleMetadataStore store = new SimpleMetadataStore();
    assertEquals(
        List.of("a.csv"),
        received(
            started(adapter().filter(new FtpPersistentAcceptOnceFileListFilter(store, "in-")))));

    Files.delete(folder.resolve("a.csv"));
    application.put("b.csv", "3;4");
    assertEquals(
        List.of("b.csv"),
        received(
            started(adapter().filter(new FtpPersistentAcceptOnceFileListFilter(store, "in-")))));
  }

  /**
   * Spring Integration 7.1 keys on the path, so that files of the same name in two directories are
   * two.
   */
  @Test
  void aPersistentFilterKnowsFilesByTheKeyOfItsVersion() {
    application.put("a.csv", "1;2");
    SimpleMetadataStore store = new SimpleMetadataStore();
    received(started(adapter().filter(new FtpPersistentAcceptOnceFileListFilter(store, "in-"))));
    boolean byPath = System.getProperty("spring-integration.version").startsWith("7");
    assertNotNull(store.get("in-" + (byPath ? application.path("a.csv") : "a.csv")));
    assertNull(store.get("in-" + (byPath ? "a.csv" : application.path("a.csv"))));
  }

  @Test
  void directoriesAreNotFetched() {
    application.makeDirectory("dir");
    application.put("file", "content");
    assertEquals(List.of("file"), received(started(adapter())));
    assertFalse(Files.exists(folder.resolve("dir")));
  }
}
