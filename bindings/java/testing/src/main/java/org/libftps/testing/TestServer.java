package org.libftps.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A server as a child process, on a free port of 127.0.0.1 unless told otherwise. It takes only
 * data connections that resumed their own control connection's TLS session. It ends with this
 * process, however that ends.
 *
 * <p>The programs are those of {@code target/release} below the folder that the system property
 * {@code libftps.root} names; {@code make jni} builds them.
 */
public final class TestServer implements AutoCloseable {
  private final Process process;
  private final BufferedReader output;
  private final Path ca;
  private final boolean ownsCa;
  private final String host;
  private final int port;
  private final String user;
  private final String password;
  private final String remoteHome;

  private TestServer(Process process, Path ca, String user, String password) throws IOException {
    this.process = process;
    output = process.inputReader(StandardCharsets.UTF_8);
    String[] ready = line().split(" ", 5);
    int colon = ready[2].lastIndexOf(':');
    host = ready[2].substring(0, colon).replaceAll("[\\[\\]]", "");
    port = Integer.parseInt(ready[2].substring(colon + 1));
    ownsCa = ca != null;
    this.ca = ownsCa ? ca : Path.of(ready[4]);
    this.user = ownsCa ? user : value("user");
    this.password = ownsCa ? password : value("password");
    remoteHome = ownsCa ? "/" : value("home");
  }

  /**
   * Starts the strict server: user {@code user}, password {@code password}, files in memory.
   *
   * @param options those of {@code strict-server --help}
   * @return the running server
   * @throws IOException if it does not start
   */
  public static TestServer strict(String... options) throws IOException {
    Path ca = Files.createTempFile("strict-server", ".pem");
    List<String> command = new ArrayList<>();
    command.add(program("strict-server"));
    command.addAll(List.of("--ca-out", ca.toString(), "--until-stdin-closes"));
    command.addAll(List.of(options));
    return new TestServer(start(command), ca, "user", "password");
  }

  /**
   * Starts a real server. One that is missing is an error that says how to get it.
   *
   * @param kind which
   * @param tls the one TLS version that it speaks: {@code 1.2} or {@code 1.3}
   * @param options those of {@code real-server --help}
   * @return the running server
   * @throws IOException if it does not start
   */
  public static TestServer real(Kind kind, String tls, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(program("real-server"), kind.argument(), "--tls", tls));
    command.addAll(List.of(options));
    return new TestServer(start(command), null, null, null);
  }

  private static String program(String name) {
    return Path.of(System.getProperty("libftps.root"), "target/release", name).toString();
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  private String line() throws IOException {
    String line = output.readLine();
    if (line == null) {
      throw new IOException("the server has ended: its standard error has the reason");
    }
    return line;
  }

  private String value(String name) throws IOException {
    String line = line();
    if (!line.startsWith(name + " ")) {
      throw new IOException("the server does not tell its " + name + " but: " + line);
    }
    return line.substring(name.length() + 1);
  }

  /**
   * Where it listens.
   *
   * @return the address, without brackets
   */
  public String host() {
    return host;
  }

  /**
   * Where it listens.
   *
   * @return the control port
   */
  public int port() {
    return port;
  }

  /**
   * Who may log in.
   *
   * @return the name
   */
  public String user() {
    return user;
  }

  /**
   * The password of {@link #user()}.
   *
   * @return the password
   */
  public String password() {
    return password;
  }

  /**
   * The certificate authority to trust.
   *
   * @return its certificate, PEM
   * @throws IOException if the server's file cannot be read
   */
  public byte[] ca() throws IOException {
    return Files.readAllBytes(ca);
  }

  /**
   * The folder that the user may write to, as the server calls it.
   *
   * @return an absolute path
   */
  public String remoteHome() {
    return remoteHome;
  }

  /**
   * Ends the server.
   *
   * @return what it counted itself
   * @throws IOException if it does not end, or tells nothing: Pure-FTPd, for instance
   */
  public Account stop() throws IOException {
    process.getOutputStream().close();
    try {
      // Before its words are waited for, which has no deadline; they are few, and fit into the
      // pipe.
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        throw new IOException("the server does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the server ended", e);
    }
    return Account.of(line());
  }

  /** Ends the server if {@link #stop()} did not, and removes its files. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      // Real servers clear up behind themselves.
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
    output.close();
    if (ownsCa) {
      Files.deleteIfExists(ca);
    }
  }
}
