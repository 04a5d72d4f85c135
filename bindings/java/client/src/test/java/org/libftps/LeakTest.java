package org.libftps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.libftps.testing.Account;
import org.libftps.testing.TestServer;

/** Many clients and pools leave nothing behind: no descriptor, no thread, no memory. */
@Timeout(180)
class LeakTest {
  private static final Pattern REPORT =
      Pattern.compile("descriptors (\\d+) threads (\\d+) kilobytes (\\d+)\n");

  @TempDir Path temporary;

  @Test
  void tenThousandClientsOneAfterTheOther() throws Exception {
    Account account = run(8, 10_000, Cycles.Kind.LOGINS);
    assertEquals(12_000, account.get("logins"));
  }

  @Test
  void twoThousandClientsOfWhichSixtyFourAreAtWorkAtOnce() throws Exception {
    Account account = run(64, 2_000, Cycles.Kind.TRANSFERS);
    assertEquals(2_400, account.get("logins"));
    assertEquals(7_200, account.resumed());
  }

  @Test
  void fiveHundredPoolsThatTakeATreeOverByThreeConnectionsEach() throws Exception {
    for (String path : List.of("a", "b", "d/c", "d/e", "d/f")) {
      Path file = temporary.resolve("tree").resolve(path);
      Files.createDirectories(file.getParent());
      Files.write(file, new byte[1000]);
    }
    Account account = run(8, 500, Cycles.Kind.MIRRORS);
    // Of 600 with the warm-up every tenth is stopped by its listener, and every tenth aborted.
    assertTrue(account.get("uploads_completed") >= 480 * 5, account::toString);
    assertEquals(0, account.full());
  }

  /** In a JVM of its own, whose Java heap is a constant part of its memory. */
  private Account run(int threads, int cycles, Cycles.Kind kind) throws Exception {
    try (TestServer server = TestServer.strict("--sample-files")) {
      Path ca = Files.write(temporary.resolve("ca.pem"), server.ca());
      List<String> options =
          List.of(
              "-Xms64m",
              "-Xmx64m",
              "-XX:+AlwaysPreTouch",
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1");
      ChildJvm jvm =
          ChildJvm.run(
              temporary,
              options,
              Cycles.class,
              String.valueOf(server.port()),
              ca.toString(),
              String.valueOf(threads),
              String.valueOf(cycles),
              kind.name(),
              temporary.resolve("tree").toString());
      Matcher report = REPORT.matcher(jvm.output);
      assertTrue(report.lookingAt(), jvm.output);
      long descriptors = Long.parseLong(report.group(1));
      long tasks = Long.parseLong(report.group(2));
      long kilobytes = Long.parseLong(report.group(3));
      assertTrue(report.find(), jvm.output);
      assertEquals(descriptors, Long.parseLong(report.group(1)), jvm.output);
      // The JVM's compiler has a thread more or less.
      assertEquals(tasks, Long.parseLong(report.group(2)), 2, jvm.output);
      // The JVM itself goes on growing a little; any buffer left of each client would be far more.
      long grown = Long.parseLong(report.group(3)) - kilobytes;
      assertTrue(grown < 10_000, jvm.output);
      assertEquals(0, jvm.exitCode, jvm.output);
      return server.stop();
    }
  }
}
