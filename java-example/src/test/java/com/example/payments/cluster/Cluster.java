package com.example.payments.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.example.payments.conversion.Conversion;
import com.example.payments.conversion.PaymentConverter;
import com.example.payments.conversion.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.libftps.testing.Account;
import org.libftps.testing.TestServer;
import org.springframework.util.FileSystemUtils;

/**
 * PostgreSQL, a strict server, instances of the application, and what partners put in the inbox.
 */
final class Cluster implements AutoCloseable {
  static final Path JAVA = Path.of(System.getProperty("java.home"), "bin/java");
  private static final Duration DEADLINE = Duration.ofSeconds(90);
  private static final List<String> FOLDERS =
      List.of("inbox", "work", "results", "archive", "error");
  private static final List<String> ACCOUNTS =
      List.of("DE89370400440532013000", "NL91ABNA0417164300", "GB29NWBK60161331926819");

  private final Path root = Files.createTempDirectory("payments-served");
  private final Path certificate = Files.createTempFile("payments", ".pem");
  private final Path logs;
  private final PostgresServer postgres = new PostgresServer();
  private final TestServer server;
  private final List<Instance> instances = new ArrayList<>();
  private final Map<String, byte[]> inputs = new LinkedHashMap<>();

  /** Logs of instances go to a folder of this name below target. */
  Cluster(String name, String... serverOptions) throws IOException, InterruptedException {
    logs = Path.of("target", name);
    FileSystemUtils.deleteRecursively(logs);
    Files.createDirectories(logs);
    for (String folder : FOLDERS) {
      Files.createDirectory(root.resolve(folder));
    }
    server =
        TestServer.strict(
            Stream.concat(Stream.of("--root", root.toString()), Stream.of(serverOptions))
                .toArray(String[]::new));
    Files.write(certificate, server.ca());
  }

  PostgresServer postgres() {
    return postgres;
  }

  Instance start(String... arguments) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--spring.profiles.active=cluster",
                "--payments.lease=2s",
                "--payments.poll-interval=100ms"));
    all.addAll(List.of(arguments));
    Path output = logs.resolve("instance-" + instances.size() + ".log");
    Instance instance = new Instance(JAVA, output, environment(), all);
    instances.add(instance);
    return instance;
  }

  private Map<String, String> environment() {
    return Map.of(
        "PAYMENTS_DATABASE_URL", postgres.url(),
        "PAYMENTS_DATABASE_USER", postgres.user(),
        "PAYMENTS_FTPS_HOST", server.host(),
        "PAYMENTS_FTPS_PORT", Integer.toString(server.port()),
        "PAYMENTS_FTPS_USER", server.user(),
        "PAYMENTS_FTPS_PASSWORD", server.password(),
        "PAYMENTS_FTPS_CA", certificate.toUri().toString());
  }

  /** Puts a file into the inbox as a partner does. */
  void put(String name) throws IOException {
    put(name, "1.50");
  }

  void putBadOne(String name) throws IOException {
    put(name, "1,50");
  }

  private void put(String name, String amount) throws IOException {
    int number = inputs.size();
    StringBuilder rows = new StringBuilder("reference;account;amount;currency;due\n");
    for (int row = 0; row < 20; row++) {
      String account = ACCOUNTS.get((number + row) % ACCOUNTS.size());
      rows.append("R-%d-%d;%s;%s;EUR;2026-01-31\n".formatted(number, row, account, amount));
    }
    byte[] content = rows.toString().getBytes(UTF_8);
    inputs.put(name, content);
    Path uploading = Files.write(root.resolve("inbox/" + name + ".uploading"), content);
    Files.move(uploading, root.resolve("inbox/" + name + ".csv"), StandardCopyOption.ATOMIC_MOVE);
  }

  int files() {
    return inputs.size();
  }

  List<Path> in(String folder) {
    try (Stream<Path> found = Files.list(root.resolve(folder))) {
      return found.sorted(Comparator.naturalOrder()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Until nothing is left to do. */
  void awaitQuiet() {
    await("all files, swept folders and no leases")
        .atMost(DEADLINE)
        .until(
            () ->
                in("inbox").isEmpty()
                    && in("work").isEmpty()
                    && postgres.count("select count(*) from file_lease") == 0
                    && temporaryFiles().isEmpty());
  }

  List<Path> temporaryFiles() {
    return Stream.of("results", "error")
        .flatMap(folder -> in(folder).stream())
        .filter(path -> path.getFileName().toString().startsWith("."))
        .toList();
  }

  /** Every file has exactly one right result and one archive copy, and there is nothing else. */
  void assertNothingLostOrDoubled() throws IOException {
    PaymentConverter converter = new PaymentConverter();
    int good = 0;
    for (Map.Entry<String, byte[]> input : inputs.entrySet()) {
      Conversion expected = converter.convert(input.getValue());
      boolean converted = expected.verdict() == Verdict.CONVERTED;
      good += converted ? 1 : 0;
      assertThat(only(input.getKey(), converted ? "archive" : "error", ".csv"))
          .hasBinaryContent(input.getValue());
      assertThat(only(input.getKey(), converted ? "results" : "error", converted ? ".csv" : ".txt"))
          .hasBinaryContent(expected.report());
    }
    assertThat(in("results")).hasSize(good);
    assertThat(in("archive")).hasSize(good);
    assertThat(in("error")).hasSize(2 * (inputs.size() - good));
    assertThat(postgres.count("select count(*) from int_metadata_store"))
        .as("files that the database has as finished")
        .isEqualTo(inputs.size());
  }

  private Path only(String name, String folder, String ending) {
    List<Path> found =
        in(folder).stream()
            .filter(path -> path.getFileName().toString().startsWith(name + "."))
            .filter(path -> path.getFileName().toString().endsWith(ending))
            .toList();
    assertThat(found).as("%s of %s in %s", ending, name, folder).hasSize(1);
    return found.get(0);
  }

  /** Ends everything, and gives the server's own account. */
  Account stop() throws IOException, InterruptedException {
    for (Instance instance : instances) {
      instance.close();
    }
    return server.stop();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    for (Instance instance : instances) {
      instance.close();
    }
    server.close();
    postgres.close();
    FileSystemUtils.deleteRecursively(root);
    Files.delete(certificate);
  }
}
