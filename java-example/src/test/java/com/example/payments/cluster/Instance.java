package com.example.payments.cluster;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process of the application: the jar that is shipped. */
final class Instance implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofSeconds(90);
  private static final Pattern PORT = Pattern.compile("Tomcat started on port (\\d+)");

  /** Start sooner; nothing else depends on them. */
  private static final List<String> QUICK_START =
      List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private final Process process;
  private final Path output;

  Instance(Path java, Path output, Map<String, String> environment, List<String> arguments)
      throws IOException {
    this.output = output;
    List<String> command = new ArrayList<>(List.of(java.toString()));
    command.addAll(QUICK_START);
    command.addAll(List.of("-jar", System.getProperty("payments.jar"), "--server.port=0"));
    command.addAll(arguments);
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(output.toFile())
            .redirectError(errors().toFile());
    builder.environment().putAll(environment);
    process = builder.start();
    // It does not end with this process by itself.
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  private Path errors() {
    return output.resolveSibling(output.getFileName() + ".stderr");
  }

  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String standardError() throws IOException {
    return Files.readString(errors());
  }

  Instance awaitStarted() {
    await("the start of " + output)
        .atMost(DEADLINE)
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new IllegalStateException("the instance has ended: " + output());
              }
              return output().contains("Started PaymentsApplication");
            });
    return this;
  }

  int awaitExit() throws InterruptedException {
    await("the end of " + output).atMost(DEADLINE).until(() -> !process.isAlive());
    return process.waitFor();
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Holds the process up, so that its leases expire. */
  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  void goOn() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  /** What an actuator endpoint says. */
  String actuator(String path) throws IOException, InterruptedException {
    Matcher port = PORT.matcher(output());
    if (!port.find()) {
      throw new IllegalStateException("no port in " + output);
    }
    URI uri = URI.create("http://localhost:" + port.group(1) + "/actuator/" + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Override
  public void close() throws InterruptedException {
    kill();
  }
}
