package org.libftps;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The strict server as a child process: it takes only data connections that resumed their own
 * control connection's TLS session, and counts them.
 */
final class StrictServer implements AutoCloseable {
  static final String USER = "user";
  static final String PASSWORD = "password";

  private final Process process;
  private final BufferedReader output;
  private final Path folder;
  final int port;

  StrictServer(String... options) throws IOException {
    folder = Files.createTempDirectory("libftps-test-");
    Path binary = Paths.get(System.getProperty("libftps.root"), "target/release/strict-server");
    List<String> command = new ArrayList<>();
    command.add(binary.toString());
    command.addAll(Arrays.asList("--ca-out", folder.resolve("ca.pem").toString()));
    command.add("--until-stdin-closes");
    command.addAll(Arrays.asList(options));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    output = new BufferedReader(new InputStreamReader(process.getInputStream()));
    String ready = output.readLine();
    if (ready == null) {
      throw new IOException("the strict server did not start");
    }
    String address = ready.split(" ")[2];
    port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  /** Options with this server's address and certificate. */
  FtpsClient.Builder builder() throws IOException {
    return FtpsClient.builder("127.0.0.1").port(port).platformRoots(false).extraRootsPem(ca());
  }

  FtpsClient login() throws IOException {
    return login(builder());
  }

  FtpsClient login(FtpsClient.Builder builder) throws IOException {
    FtpsClient client = builder.connect();
    client.login(USER, PASSWORD);
    return client;
  }

  byte[] ca() throws IOException {
    return Files.readAllBytes(folder.resolve("ca.pem"));
  }

  /** Ends the server, and returns what it counted. */
  Map<String, Long> counters() throws IOException, InterruptedException {
    process.getOutputStream().close();
    String line = output.readLine();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new IOException("the strict server does not end");
    }
    Map<String, Long> counters = new HashMap<>();
    for (String pair : line.split(" ")) {
      String[] parts = pair.split("=");
      counters.put(parts[0], Long.valueOf(parts[1]));
    }
    return counters;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      Files.deleteIfExists(folder.resolve("ca.pem"));
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
