package com.example.payments.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One instance dies at a known point, another one is there to do the rest. What the first leaves
 * proves that the point was reached.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CrashIT {
  /** As payments.crash-after ends an instance: what SIGKILL gives, too. */
  private static final int HALTED = 137;

  private Cluster cluster;
  private Instance survivor;

  @BeforeAll
  void start() throws Exception {
    // The first upload stops half-way, for aKillDuringTheUpload.
    cluster = new Cluster("crash-logs", "--fault", "STOR#1@byte:500=stall");
  }

  @AfterAll
  void stop() throws Exception {
    cluster.close();
  }

  @AfterEach
  void everyFileIsThereOnce() throws Exception {
    cluster.awaitQuiet();
    cluster.assertNothingLostOrDoubled();
  }

  @Test
  @Order(1)
  void aKillDuringTheUpload() throws Exception {
    Instance victim = cluster.start().awaitStarted();
    cluster.put("upload");
    await("half a result")
        .atMost(Duration.ofSeconds(30))
        .until(() -> cluster.temporaryFiles().stream().anyMatch(CrashIT::isPart));
    victim.kill();
    assertThat(cluster.in("results")).as("what is visible").isEqualTo(cluster.temporaryFiles());

    survivor = cluster.start().awaitStarted();
  }

  private static boolean isPart(Path file) {
    return file.toFile().length() > 0;
  }

  /** The columns: what there is of the file in each folder, with lease, and finished. */
  @ParameterizedTest
  @Order(2)
  @CsvSource({
    "TAKEN_IN,   work,    '',        0, 0",
    "CLAIMED,    work,    '',        1, 0",
    "UPLOADED,   work,    temporary, 1, 0",
    "PUBLISHING, work,    temporary, 1, 0",
    "PUBLISHED,  work,    result,    1, 0",
    "ARCHIVING,  work,    result,    1, 0",
    "ARCHIVED,   archive, result,    1, 0",
    "FINISHED,   archive, result,    0, 1",
  })
  void aCrashAfter(String step, String place, String report, int leases, int finished)
      throws Exception {
    survivor.pause();
    String name = step.toLowerCase();
    cluster.put(name);
    try {
      Instance victim = cluster.start("--payments.crash-after=" + step);
      assertThat(victim.awaitExit()).isEqualTo(HALTED);

      assertThat(named(name, place)).hasSize(1);
      List<Path> reports = named(name, "results");
      assertThat(reports).hasSize(report.isEmpty() ? 0 : 1);
      assertThat(cluster.temporaryFiles()).hasSize(report.equals("temporary") ? 1 : 0);
      String like = " like '" + name + ".%'";
      assertThat(cluster.postgres().count("select count(*) from file_lease where file_name" + like))
          .isEqualTo(leases);
      assertThat(
              cluster
                  .postgres()
                  .count("select count(*) from int_metadata_store where metadata_key" + like))
          .isEqualTo(finished);
    } finally {
      survivor.goOn();
    }
  }

  @Test
  @Order(3)
  void aCrashAfterABadFileWasMoved() throws Exception {
    survivor.pause();
    cluster.putBadOne("bad");
    try {
      Instance victim = cluster.start("--payments.crash-after=ARCHIVED");
      assertThat(victim.awaitExit()).isEqualTo(HALTED);
      assertThat(named("bad", "error")).as("the file and the reason").hasSize(2);
    } finally {
      survivor.goOn();
    }
  }

  private List<Path> named(String name, String folder) {
    return cluster.in(folder).stream()
        .filter(path -> path.getFileName().toString().contains(name + "."))
        .toList();
  }
}
