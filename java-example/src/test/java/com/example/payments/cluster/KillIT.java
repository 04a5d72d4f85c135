package com.example.payments.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.libftps.testing.Account;

/** Two instances share the work, and are killed while they do. */
class KillIT {
  private static final int FILES_A_ROUND = 15;
  private static final int ROUNDS = 3;

  private Cluster cluster;

  @BeforeEach
  void start() throws Exception {
    // Each command takes a moment, so that kills come in the middle of something.
    cluster = new Cluster("kill-logs", "--fault", "#*@reply=delay:5");
  }

  @AfterEach
  void stop() throws Exception {
    cluster.close();
  }

  @Test
  void twoInstancesShareTheWork() throws Exception {
    Instance one = cluster.start();
    Instance two = cluster.start();
    one.awaitStarted();
    two.awaitStarted();
    for (int i = 0; i < 30; i++) {
      cluster.put("shared-" + i);
    }
    cluster.awaitQuiet();
    cluster.assertNothingLostOrDoubled();

    assertThat(one.actuator("health")).contains("\"ftps\":{\"", "\"status\":\"UP\"");
    double byOne = finished(one);
    double byTwo = finished(two);
    assertThat(byOne + byTwo).isEqualTo(cluster.files());
    assertThat(byOne).isPositive();
    assertThat(byTwo).isPositive();
    assertThat(one.standardError()).isEmpty();
    assertThat(two.standardError()).isEmpty();

    Account account = cluster.stop();
    assertThat(account.refused()).isZero();
    assertThat(account.full()).isZero();
    assertThat(account.resumed()).isGreaterThan(2 * cluster.files());
  }

  private static double finished(Instance instance) throws Exception {
    String body = instance.actuator("metrics/payments.files");
    return Double.parseDouble(body.replaceAll("(?s).*\"value\":([0-9.E]+).*", "$1"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void killsAtRandomMomentsLoseAndDoubleNothing(long seed) throws Exception {
    Random random = new Random(seed);
    Instance[] instances = {cluster.start(), cluster.start()};
    for (int round = 0; round < ROUNDS; round++) {
      instances[0].awaitStarted();
      instances[1].awaitStarted();
      for (int i = 0; i < FILES_A_ROUND; i++) {
        String name = "seed-" + seed + "-" + round + "-" + i;
        if (i % 5 == 4) {
          cluster.putBadOne(name);
        } else {
          cluster.put(name);
        }
      }
      Thread.sleep(100 + random.nextInt(700));
      int victim = random.nextInt(2);
      instances[victim].kill();
      if (random.nextInt(3) == 0) {
        Thread.sleep(random.nextInt(300));
        instances[1 - victim].kill();
        instances[1 - victim] = cluster.start();
      }
      instances[victim] = cluster.start();
    }
    cluster.awaitQuiet();
    cluster.assertNothingLostOrDoubled();
  }
}
