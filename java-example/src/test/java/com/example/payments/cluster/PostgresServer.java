package com.example.payments.cluster;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.springframework.util.FileSystemUtils;

/**
 * A PostgreSQL server of its own, of Debian's package. It ends with this process, however that
 * ends. As root it runs as the user postgres: initdb refuses root.
 */
final class PostgresServer implements AutoCloseable {
  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
  private static final String USER = "postgres";

  private final Path folder;
  private final Process process;
  private final int port;

  PostgresServer() throws IOException, InterruptedException {
    String programs = programs();
    folder = Files.createTempDirectory("payments-postgres");
    if (isRoot()) {
      Files.setOwner(
          folder,
          folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(USER));
    }
    String data = folder.resolve("data").toString();
    File log = folder.resolve("log").toFile();
    Process initdb =
        process(List.of(programs + "/initdb", "-D", data, "-U", USER, "--auth=trust", "--no-sync"))
            .redirectErrorStream(true)
            .redirectOutput(log)
            .start();
    if (initdb.waitFor() != 0) {
      throw new IOException("initdb failed: " + Files.readString(log.toPath()));
    }
    port = freePort();
    String serve =
        "%s/postgres -D %s -p %d -k %s -c listen_addresses=127.0.0.1 -c fsync=off"
            .formatted(programs, data, port, folder);
    process =
        process(List.of("sh", "-c", serve + " & cat >/dev/null; kill -INT $!; wait"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
            .start();
    Awaitility.await("PostgreSQL, see " + log)
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(
            () -> {
              DriverManager.getConnection(url(), user(), "").close();
              return true;
            });
  }

  private static String programs() throws IOException {
    if (!Files.isDirectory(VERSIONS)) {
      throw new IOException("PostgreSQL is not installed: run `tests/tools.sh java`");
    }
    try (Stream<Path> versions = Files.list(VERSIONS)) {
      return versions.max(Comparator.naturalOrder()).orElseThrow().resolve("bin").toString();
    }
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private ProcessBuilder process(List<String> command) {
    List<String> all = new ArrayList<>();
    if (isRoot()) {
      all.addAll(List.of("runuser", "-u", USER, "--"));
    }
    all.addAll(command);
    return new ProcessBuilder(all).directory(folder.toFile());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
  }

  String user() {
    return USER;
  }

  /** Asks for one number. */
  long count(String query) {
    try (var connection = DriverManager.getConnection(url(), user(), "");
        var rows = connection.createStatement().executeQuery(query)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException e) {
      throw new IllegalStateException(query, e);
    }
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new IOException("PostgreSQL does not end: process " + process.pid());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    FileSystemUtils.deleteRecursively(folder);
  }
}
