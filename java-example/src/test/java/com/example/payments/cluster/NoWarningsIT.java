package com.example.payments.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The jar needs no JVM flags. */
class NoWarningsIT {
  @TempDir private Path folder;

  /** The JDK of the build, and the newer one that payments.newer-jdk names. */
  static Stream<Path> jdks() {
    String newer = System.getProperty("payments.newer-jdk", "");
    return newer.isEmpty()
        ? Stream.of(Cluster.JAVA)
        : Stream.of(Cluster.JAVA, Path.of(newer, "bin/java"));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void theDemoEndsWithoutAWordOnStandardError(Path java) throws Exception {
    Path output = folder.resolve("output");
    Files.createFile(output);
    List<String> arguments =
        List.of(
            "--payments.demo.stop-when-done=true",
            "--payments.demo.folder=" + folder.resolve("served"));
    try (Instance instance = new Instance(java, output, Map.of(), arguments)) {
      assertThat(instance.awaitExit()).isZero();
      assertThat(instance.standardError()).isEmpty();
      assertThat(instance.output())
          .contains("sample files are done: 3 converted, 1 rejected", " 0 were refused")
          .doesNotContainIgnoringCase("warning");
    }
  }
}
