package org.libftps;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.libftps.Failures.assertFails;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.libftps.testing.Account;
import org.libftps.testing.TestServer;

/** Walks, searches, deletions and mirrors of whole trees. */
class TreesTest {
  private static final byte[] ABC = "abc".getBytes(StandardCharsets.US_ASCII);

  @TempDir private Path folder;

  private final List<PathFailure> failures = new ArrayList<>();

  /** A client of a server that has {@code /t/a}, {@code /t/d/b.csv} and {@code /t/e.csv}. */
  private static FtpsClient withTree(TestServer server) throws Exception {
    FtpsClient client = Clients.login(server);
    client.makeDirectory("/t");
    client.makeDirectory("/t/d");
    for (String path : List.of("/t/a", "/t/d/b.csv", "/t/e.csv")) {
      try (FtpsOutputStream out = client.upload(path)) {
        out.write(ABC);
      }
    }
    return client;
  }

  private static List<String> paths(Stream<FoundEntry> walk) {
    try (walk) {
      return walk.map(FoundEntry::path).collect(Collectors.toList());
    }
  }

  @Test
  void aTreeIsWalkedEachDirectoryBeforeWhatIsInIt() throws Exception {
    try (TestServer server = TestServer.strict();
        FtpsClient client = withTree(server)) {
      assertEquals(
          List.of("/t/a", "/t/d", "/t/d/b.csv", "/t/e.csv"),
          paths(client.walk("/t", failures::add)));
      assertEquals(
          List.of("/t/a", "/t/d", "/t/e.csv"),
          paths(client.walk("/t", entry -> !entry.path().equals("/t/d"), failures::add)));
      assertEquals(List.of(), failures);
    }
  }

  @Test
  void aPatternFindsWhatMatches() throws Exception {
    try (TestServer server = TestServer.strict();
        FtpsClient client = withTree(server)) {
      assertEquals(
          List.of("/t/d/b.csv", "/t/e.csv"), paths(client.glob("/t/**/*.csv", failures::add)));
      assertEquals(List.of(), failures);
      assertFails("invalid-argument", () -> client.glob("[", failures::add));
      client.noop();
    }
  }

  @Test
  void aWalkIsOverWhenItsStreamIsClosed() throws Exception {
    try (TestServer server = TestServer.strict();
        FtpsClient client = withTree(server)) {
      try (Stream<FoundEntry> walk = client.walk("/t", failures::add)) {
        assertFails("wrong-state", client::noop);
        assertTrue(walk.findFirst().isPresent());
      }
      client.noop();
    }
  }

  @Test
  void whatCannotBeListedIsToldAndTheWalkGoesOn() throws Exception {
    try (TestServer server = TestServer.strict();
        FtpsClient client = Clients.login(server)) {
      assertEquals(List.of(), paths(client.walk("/missing", failures::add)));
      assertEquals(1, failures.size());
      assertEquals("/missing", failures.get(0).path());
      assertEquals("refused", failures.get(0).exception().kind());
      client.noop();
    }
  }

  @Test
  void aTreeIsDeletedAndWhatIsNotIsNamed() throws Exception {
    try (TestServer server = TestServer.strict();
        FtpsClient client = withTree(server)) {
      DeletedTree deleted = client.deleteTree("/t");
      assertEquals(3, deleted.files());
      assertEquals(2, deleted.directories());
      assertEquals(List.of(), deleted.failures());
      DeletedTree again = client.deleteTree("/t");
      assertEquals(0, again.files() + again.directories());
      assertEquals(2, again.failures().size());
      assertEquals("/t", again.failures().get(0).path());
    }
  }

  @ParameterizedTest(name = "TLS {0}")
  @ValueSource(strings = {"1.2", "1.3"})
  void aPlanIsShownAndThenDoneOverAPool(String tls) throws Exception {
    try (TestServer server = TestServer.strict("--tls", tls)) {
      try (FtpsClient client = withTree(server);
          FtpsPool pool =
              Clients.builder(server).pool(server.user(), server.password()).maximum(2).build()) {
        Mirror mirror = Mirror.download("/t", folder.resolve("copy")).exclude("a");
        MirrorPlan plan = mirror.plan(client);
        assertEquals(
            "create directory .: missing\ncreate directory d: missing\n"
                + "download d/b.csv (3 bytes): missing\ndownload e.csv (3 bytes): missing\n",
            plan.toString());
        assertEquals(5, plan.actions().size());
        MirrorAction download =
            plan.actions().stream().filter(step -> step.path().equals("e.csv")).findFirst().get();
        assertEquals(MirrorAction.Kind.DOWNLOAD, download.kind());
        assertEquals(MirrorAction.Reason.MISSING, download.reason());
        assertEquals(OptionalLong.of(3), download.size());
        assertEquals(List.of(), plan.problems());
        assertFalse(plan.isEmpty());

        List<MirrorProgress> heard = new ArrayList<>();
        MirrorReport report = plan.execute(pool, heard::add);
        assertTrue(report.isComplete(), report::toString);
        assertEquals(2, report.files());
        assertEquals(6, report.bytes());
        assertEquals(2, report.directories());
        assertEquals(1, report.skipped());
        assertEquals(4, heard.stream().filter(MirrorProgress::isOver).count());
        MirrorProgress last = heard.get(heard.size() - 1);
        assertEquals(2, last.filesOver());
        assertEquals(6, last.bytesMoved());
        assertArrayEquals(ABC, Files.readAllBytes(folder.resolve("copy/d/b.csv")));
        assertFails("wrong-state", () -> plan.execute(pool, null));

        assertTrue(mirror.plan(client).isEmpty());
      }
      Account account = server.stop();
      assertEquals(0, account.full());
    }
  }

  @Test
  void theServerIsMadeLikeALocalDirectory() throws Exception {
    Path local = Files.createDirectories(folder.resolve("site/new"));
    Files.write(local.resolve("page"), ABC);
    try (TestServer server = TestServer.strict();
        FtpsClient client = withTree(server)) {
      MirrorPlan plan =
          Mirror.upload(folder.resolve("site"), "/t").deleteExtraneous(true).plan(client);
      MirrorReport report = plan.stopOnFailure(true).execute(client, null);
      assertTrue(report.isComplete(), report::toString);
      assertEquals(4, report.deleted());
      assertEquals(List.of("/t/new", "/t/new/page"), paths(client.walk("/t", failures::add)));
    }
  }

  @Test
  void theTemporaryFileOfAMirrorThatWasKilledIsDeletedByTheNext() throws Exception {
    Path copy = Files.createDirectories(folder.resolve("copy"));
    Path left = Files.write(copy.resolve(".ftps-1-0.part"), ABC);
    Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
    try (TestServer server = TestServer.strict();
        FtpsClient client = withTree(server)) {
      MirrorPlan plan = Mirror.download("/t", copy).plan(client);
      MirrorAction step =
          plan.actions().stream().filter(any -> any.path().endsWith(".part")).findFirst().get();
      assertEquals(MirrorAction.Kind.DELETE_FILE, step.kind());
      assertEquals(MirrorAction.Reason.ABANDONED, step.reason());
      assertTrue(plan.execute(client, null).isComplete());
      assertFalse(Files.exists(left));
    }
  }

  @Test
  void aListenerStopsAPlanByAborting() throws Exception {
    try (TestServer server = TestServer.strict();
        FtpsClient client = withTree(server);
        FtpsPool pool = Clients.builder(server).pool(server.user(), server.password()).build()) {
      MirrorPlan plan = Mirror.download("/t", folder.resolve("copy")).plan(client);
      MirrorReport report = plan.execute(pool, progress -> plan.abort());
      assertFalse(report.isComplete());
      assertEquals("cancelled", report.endedBy().get().kind());
      List<MirrorAction> left = new ArrayList<>(report.notDone());
      report.failures().forEach(failure -> left.add(failure.action().get()));
      assertEquals(plan.actions().size(), left.size() + report.files() + report.directories());
    }
  }

  @Test
  void whatAListenerThrowsStopsAPlanAndReachesTheCaller() throws Exception {
    RuntimeException thrown = new IllegalStateException("enough");
    try (TestServer server = TestServer.strict();
        FtpsClient client = withTree(server);
        FtpsPool pool = Clients.builder(server).pool(server.user(), server.password()).build()) {
      Mirror mirror = Mirror.download("/t", folder.resolve("copy"));
      MirrorListener listener =
          progress -> {
            throw thrown;
          };
      MirrorPlan first = mirror.plan(client);
      assertSame(
          thrown, assertThrows(IllegalStateException.class, () -> first.execute(pool, listener)));
      MirrorPlan second = mirror.plan(client);
      assertSame(
          thrown,
          assertThrows(IllegalStateException.class, () -> second.execute(client, listener)));
    }
  }

  @Test
  void theDialogueOfAPlansConnectionsIsHeard() throws Exception {
    Recorder recorder = new Recorder();
    try (TestServer server = TestServer.strict()) {
      withTree(server).close();
      FtpsClient.Builder builder = Clients.builder(server).dialogueListener(recorder);
      try (FtpsClient client = Clients.login(server, builder)) {
        MirrorPlan plan = Mirror.download("/t", folder.resolve("copy")).plan(client);
        assertTrue(plan.execute(client, null).isComplete());
        assertEquals(3, recorder.sent().stream().filter(line -> line.startsWith("RETR ")).count());
      }
    }
  }

  @Test
  void whatFailsIsInTheReport() throws Exception {
    try (TestServer server =
            TestServer.strict("--fault=RETR#2@final=reply:550 Permission denied.");
        FtpsClient client = withTree(server)) {
      MirrorPlan plan = Mirror.download("/t", folder.resolve("copy")).plan(client);
      MirrorReport report = plan.execute(client, null);
      assertFalse(report.isComplete());
      assertEquals(2, report.files());
      MirrorFailure failure = report.failures().get(0);
      assertEquals(550, failure.exception().replyCode());
      assertEquals(MirrorAction.Kind.DOWNLOAD, failure.action().get().kind());
      assertTrue(report.toString().contains("550"), report::toString);
      client.noop();
    }
  }

  @Test
  void aPlanThatIsOnlyLookedAtHoldsNoDescriptor() throws Exception {
    try (TestServer server = TestServer.strict();
        FtpsClient client = withTree(server)) {
      Mirror mirror = Mirror.download("/t", folder.resolve("copy"));
      List<MirrorPlan> plans = new ArrayList<>(List.of(mirror.plan(client)));
      int before = new File("/proc/self/fd").list().length;
      for (int i = 0; i < 50; i++) {
        plans.add(mirror.plan(client));
      }
      int held = new File("/proc/self/fd").list().length - before;
      assertTrue(held < plans.size() / 2, () -> held + " more descriptors");
    }
  }

  @Test
  void whatIsNoPatternIsRefusedBeforeAnythingIsSent() throws Exception {
    try (TestServer server = TestServer.strict();
        FtpsClient client = Clients.login(server)) {
      Mirror mirror = Mirror.download("/t", folder);
      assertFails("invalid-argument", () -> mirror.include("[").plan(client));
      assertFails("invalid-argument", () -> mirror.exclude("[").plan(client));
    }
  }
}
