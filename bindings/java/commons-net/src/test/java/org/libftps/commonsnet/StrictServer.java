package org.libftps.commonsnet;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The embedded strict server as a child process. It ends with this one, however that ends. */
public final class StrictServer implements AutoCloseable {
  public static final String HOST = "127.0.0.1";
  public static final String USER = "user";
  public static final String PASSWORD = "password";

  private final Process process;
  private final BufferedReader output;
  private final Path ca;
  private final int port;

  /**
   * Starts it with {@code --help}'s options, beyond those for where to listen and whom to trust.
   */
  public StrictServer(String... options) throws IOException {
    ca = Files.createTempFile("strict-server", ".pem");
    List<String> command = new ArrayList<>();
    command.add(binary().toString());
    command.addAll(
        List.of("--listen", HOST + ":0", "--ca-out", ca.toString(), "--until-stdin-closes"));
    command.addAll(List.of(options));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String first = output.readLine();
    if (first == null) {
      throw new IOException("the strict server did not start: " + command);
    }
    String address = first.split(" ")[2];
    port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  private static Path binary() {
    Path target = Path.of(System.getProperty("libftps.root"), "target");
    Path release = target.resolve("release/strict-server");
    return Files.isExecutable(release) ? release : target.resolve("debug/strict-server");
  }

  public int port() {
    return port;
  }

  public byte[] ca() throws IOException {
    return Files.readAllBytes(ca);
  }

  /** Ends the server and gives what it counted. */
  public Map<String, Long> stop() throws IOException {
    // Process.destroy would close its output too.
    process.toHandle().destroy();
    Map<String, Long> counted = new HashMap<>();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      for (String pair : line.split(" ")) {
        String[] parts = pair.split("=");
        if (parts.length == 2 && parts[1].matches("\\d+")) {
          counted.put(parts[0], Long.valueOf(parts[1]));
        }
      }
    }
    return counted;
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    output.close();
    Files.deleteIfExists(ca);
  }
}
