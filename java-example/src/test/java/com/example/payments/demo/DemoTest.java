package com.example.payments.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.example.payments.PaymentsApplication;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** The application without a profile, on the embedded strict server. */
@ExtendWith(OutputCaptureExtension.class)
class DemoTest {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final Pattern ACCOUNT =
      Pattern.compile(
          "The server counted (\\d+) data connections: (\\d+) resumed .*, (\\d+) were refused");

  @TempDir private Path root;

  private ConfigurableApplicationContext start(String... arguments) {
    return new SpringApplicationBuilder(PaymentsApplication.class)
        .properties(
            "payments.demo.folder=" + root.resolve("served"), "payments.poll-interval=100ms")
        .run(
            Stream.concat(Stream.of("--server.port=0"), Stream.of(arguments))
                .toArray(String[]::new));
  }

  private static HttpResponse<String> get(ConfigurableApplicationContext context, String path)
      throws IOException, InterruptedException {
    String port = context.getEnvironment().getProperty("local.server.port");
    URI uri = URI.create("http://localhost:" + port + "/actuator/" + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  private Stream<String> names(String folder) throws IOException {
    try (Stream<Path> found = Files.list(root.resolve("served").resolve(folder))) {
      return found.map(path -> path.getFileName().toString()).toList().stream();
    }
  }

  @Test
  void theSampleFilesAreProcessed(CapturedOutput output) throws Exception {
    try (ConfigurableApplicationContext context = start()) {
      await()
          .atMost(DEADLINE)
          .until(() -> output.getOut().contains("sample files are done: 3 converted, 1 rejected"));

      assertThat(get(context, "health").body())
          .contains("\"status\":\"UP\"", "\"filesInWork\":0", "\"fullDataConnections\":0");
      assertThat(get(context, "metrics/payments.files?tag=verdict:converted").body())
          .contains("\"value\":3.0");
      assertThat(get(context, "metrics/payments.files?tag=verdict:rejected").body())
          .contains("\"value\":1.0");
      assertThat(get(context, "metrics/payments.failures").body()).contains("\"value\":0.0");
      assertThat(get(context, "metrics/ftps.data.connections?tag=handshake:full").body())
          .contains("\"value\":0.0");
      assertThat(get(context, "metrics/ftps.data.connections?tag=handshake:resumed").body())
          .doesNotContain("\"value\":0.0");
    }

    assertThat(names("inbox")).isEmpty();
    assertThat(names("work")).isEmpty();
    assertThat(names("results")).hasSize(3).allMatch(name -> name.endsWith(".csv"));
    assertThat(names("archive")).hasSize(3);
    assertThat(names("error")).hasSize(2).anyMatch(name -> name.endsWith(".csv.reason.txt"));

    Matcher account = ACCOUNT.matcher(output.getOut());
    assertThat(account.find()).as("the server gave its account").isTrue();
    assertThat(account.group(2)).as("resumed").isEqualTo(account.group(1)).isNotEqualTo("0");
    assertThat(account.group(3)).as("refused").isEqualTo("0");
  }

  @Test
  void aFileThatCannotBeTakenInHoldsUpNoOther() throws Exception {
    try (ConfigurableApplicationContext context = start()) {
      // With what the intake adds, the name is longer than the file system allows.
      String tooLong = "a".repeat(245) + ".csv";
      Files.writeString(root.resolve("served/inbox").resolve(tooLong), "");
      Files.writeString(root.resolve("served/inbox/b.csv"), "");
      await()
          .atMost(DEADLINE)
          .until(() -> names("error").anyMatch(name -> name.matches("b\\..*\\.reason\\.txt")));
      assertThat(names("inbox")).containsExactly(tooLong);
    }
  }

  @Test
  void healthIsDownWhileTheServerIs() throws Exception {
    try (ConfigurableApplicationContext context = start()) {
      assertThat(get(context, "health").statusCode()).isEqualTo(200);
      context.getBean(EmbeddedServer.class).close();
      HttpResponse<String> health = get(context, "health");
      assertThat(health.statusCode()).isEqualTo(503);
      assertThat(health.body()).contains("\"ftps\":{\"", "\"status\":\"DOWN\"");
    }
  }

  @Test
  void aMissingServerIsExplained(CapturedOutput output) {
    assertThatThrownBy(() -> start("--payments.demo.server=nowhere"))
        .hasRootCauseInstanceOf(MissingServerException.class);
    assertThat(output.getOut()).contains("There is no strict server at ", "`make java`");
  }
}
