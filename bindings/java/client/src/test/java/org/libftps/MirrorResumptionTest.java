package org.libftps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.libftps.testing.Account;
import org.libftps.testing.Kind;
import org.libftps.testing.TestServer;

/** Mirrors over several connections, each of which resumes its own control connection's session. */
class MirrorResumptionTest {
  private static final int FILES = 200;
  private static final int CONNECTIONS = 4;

  @TempDir private Path folder;

  @ParameterizedTest(name = "{0}, TLS {1}")
  @CsvSource({"VSFTPD, 1.2", "VSFTPD, 1.3", "PROFTPD, 1.2", "PROFTPD, 1.3"})
  void aTreeGoesUpAndComesDownAndNothingIsLeftToDo(Kind kind, String tls) throws Exception {
    Path made = makeTree(folder.resolve("made"));
    Path copy = folder.resolve("copy");
    try (TestServer server = TestServer.real(kind, tls)) {
      PoolStatistics statistics;
      try (FtpsPool pool =
          Clients.builder(server)
              .resumption(ResumptionPolicy.REQUIRE)
              .pool(server.user(), server.password())
              .maximum(CONNECTIONS)
              .build()) {
        String remote = server.remoteHome() + "/tree";
        takeOver(pool, Mirror.upload(made, remote));
        takeOver(pool, Mirror.download(remote, copy));
        statistics = pool.statistics();
      }
      assertEquals(checksums(made), checksums(copy));
      assertEquals(CONNECTIONS, statistics.opened());
      assertEquals(0, statistics.transfers().relogins());
      Account account = server.stop();
      assertEquals(CONNECTIONS, account.controlHandshakes());
      assertTrue(account.resumed() >= 2 * FILES, account::toString);
      assertEquals(statistics.transfers().resumed(), account.resumed());
      assertEquals(0, account.full());
      assertEquals(0, account.refused());
    }
  }

  private static void takeOver(FtpsPool pool, Mirror mirror) throws IOException {
    MirrorReport report = mirror.plan(pool).execute(pool, null);
    assertTrue(report.isComplete(), report::toString);
    assertEquals(FILES, report.files());
    MirrorPlan second = mirror.plan(pool);
    assertTrue(second.isEmpty(), second::toString);
    assertEquals(0, second.execute(pool, null).files());
  }

  private static Path makeTree(Path root) throws IOException {
    Random random = new Random(1);
    for (int i = 0; i < FILES; i++) {
      Path directory = Files.createDirectories(root.resolve("d" + i % 7).resolve("e" + i % 3));
      byte[] content = new byte[random.nextInt(3000)];
      random.nextBytes(content);
      Files.write(directory.resolve("file " + i), content);
    }
    return root;
  }

  /** By their paths. */
  private static Map<String, String> checksums(Path root) throws Exception {
    Map<String, String> checksums = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path path : (Iterable<Path>) walk.filter(Files::isRegularFile)::iterator) {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        String checksum = HexFormat.of().formatHex(digest.digest(Files.readAllBytes(path)));
        checksums.put(root.relativize(path).toString(), checksum);
      }
    }
    return checksums;
  }
}
