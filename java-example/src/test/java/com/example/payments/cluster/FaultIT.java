package com.example.payments.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Connections fail; the instance lives, and tries again when the lease is over. */
class FaultIT {
  @Test
  void failingTransfersAndRenamesLoseAndDoubleNothing() throws Exception {
    try (Cluster cluster =
        new Cluster(
            "fault-logs",
            fault("RETR#2@byte:100=reset"),
            fault("RETR#4@end=no-close-notify"),
            fault("RETR#6@final=reply:426 Half of it is all you get."),
            fault("STOR#3@byte:100=cut"),
            fault("STOR#5@final=reply:452 The disk is full."),
            // The file is renamed, but the client does not learn of it.
            fault("RNTO#4@reply=cut"),
            fault("RNTO#12@reply=cut"),
            fault("RNTO#15@reply=cut"),
            fault("RNTO#18@reply=cut"))) {
      Instance instance = cluster.start().awaitStarted();
      for (int i = 0; i < 10; i++) {
        cluster.put("fault-" + i);
      }
      cluster.awaitQuiet();
      cluster.assertNothingLostOrDoubled();
      assertThat(instance.actuator("metrics/payments.failures"))
          .as("attempts that failed")
          .containsPattern("\"value\":([5-9]|\\d\\d)\\.0");
    }
  }

  private static String fault(String script) {
    return "--fault=" + script;
  }
}
