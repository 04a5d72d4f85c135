package com.example.payments.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.example.payments.ftps.FtpsAccount;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.ByteArrayResource;

/**
 * The strict server of this repository, as a child process that ends with this one. It takes only
 * data connections that resumed the TLS session of their control connection.
 */
class EmbeddedServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedServer.class);
  private static final String USER = "user";
  private static final String PASSWORD = "password";
  private static final Duration END_DEADLINE = Duration.ofSeconds(10);

  private final Process process;
  private final BufferedReader output;
  private final FtpsAccount account;

  EmbeddedServer(Path program, Path root) throws IOException {
    if (!Files.isExecutable(program)) {
      throw new MissingServerException(program);
    }
    Path ca = Files.createTempFile("strict-server", ".pem");
    process =
        new ProcessBuilder(
                program.toString(),
                "--until-stdin-closes",
                "--root",
                root.toString(),
                "--user",
                USER + ":" + PASSWORD,
                "--ca-out",
                ca.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    output = process.inputReader(UTF_8);
    String first = output.readLine();
    if (first == null) {
      throw new IOException("The strict server did not start; it has said why");
    }
    String[] address = first.split(" ")[2].split(":");
    byte[] pem = Files.readAllBytes(ca);
    Files.delete(ca);
    account =
        new FtpsAccount(
            address[0],
            Integer.parseInt(address[1]),
            USER,
            PASSWORD,
            new ByteArrayResource(pem, "the embedded server's certificate authority"));
    LOG.info("The embedded server listens on {} and serves {}", String.join(":", address), root);
  }

  FtpsAccount account() {
    return account;
  }

  /** Ends the server, and lets it say what it counted. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    if (!hasEnded()) {
      process.destroyForcibly();
      LOG.warn("The server did not end by itself, and has told nothing");
      return;
    }
    String line = output.readLine();
    if (line == null) {
      return;
    }
    Map<String, String> counted =
        Arrays.stream(line.split(" "))
            .map(pair -> pair.split("="))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    LOG.info(
        "The server counted {} data connections: {} resumed the TLS session of their control"
            + " connection, {} were refused",
        counted.get("data_connections"),
        counted.get("data_same_session"),
        counted.get("data_refused"));
  }

  private boolean hasEnded() {
    try {
      return process.waitFor(END_DEADLINE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
