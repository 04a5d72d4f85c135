package org.libftps.commonsnet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.commons.net.ftp.FTPSClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What fails on the stock client fails on ours, with an exception of the same class. */
class FailureComparisonTest {
  @TempDir private Path folder;

  private interface Failing {
    void run(Transcript transcript) throws Exception;
  }

  /** Logged in, passive. */
  private void compare(Failing failing, String... options) throws Exception {
    new Comparison(folder)
        .run(
            (calls, server) -> {
              calls.settings(null).connecting(server).loggingIn(server).passive();
              failing.run(calls.transcript());
            },
            options);
  }

  private void compareConnecting(String... options) throws Exception {
    new Comparison(folder)
        .run(
            (calls, server) ->
                calls
                    .trustingAll()
                    .transcript()
                    .failure("connect", client -> connect(client, server.host(), server.port())),
            options);
  }

  private static String connect(FTPSClient client, String host, int port) throws IOException {
    client.connect(host, port);
    return "connected";
  }

  @Test
  void aConnectionThatIsCut() throws Exception {
    compare(
        transcript ->
            transcript.failure("printWorkingDirectory", FTPSClient::printWorkingDirectory),
        "--fault",
        "PWD@reply=cut");
  }

  @Test
  void aReplyThatIsNone() throws Exception {
    compare(
        transcript ->
            transcript.failure("printWorkingDirectory", FTPSClient::printWorkingDirectory),
        "--fault",
        "PWD@reply=reply:What?");
  }

  @Test
  void aServerThatIsGoing() throws Exception {
    compare(
        transcript -> transcript.call("printWorkingDirectory", FTPSClient::printWorkingDirectory),
        "--fault",
        "PWD@reply=reply:421 Going down.");
  }

  @Test
  void aReplyThatDoesNotCome() throws Exception {
    compare(
        transcript -> {
          transcript.run("setSoTimeout", client -> client.setSoTimeout(300));
          transcript.failure("printWorkingDirectory", FTPSClient::printWorkingDirectory);
        },
        "--fault",
        "PWD@reply=no-reply");
  }

  @Test
  void aDownloadThatStalls() throws Exception {
    compare(
        transcript -> {
          transcript.run("setDataTimeout", client -> client.setDataTimeout(Duration.ofMillis(300)));
          transcript.failure("retrieveFile", client -> Clients.retrieve(client, "listed/a.csv"));
        },
        "--fault",
        "RETR@byte:2=stall");
  }

  @Test
  void aCertificateThatHasExpired() throws Exception {
    new Comparison(folder)
        .run(
            (calls, server) ->
                calls
                    .transcript()
                    .call("connect", client -> connect(client, server.host(), server.port())),
            "--certificate",
            "expired");
  }

  @Test
  void aServerWithoutTls() throws Exception {
    compareConnecting("--answer", "AUTH=500 No TLS here.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"421 Too many connections.", "What?"})
  void greetings(String greeting) throws Exception {
    compareConnecting("--greeting", greeting);
  }

  @ParameterizedTest
  @ValueSource(strings = {"@greeting=cut", "AUTH@reply=cut", "@control-handshake=cut"})
  void aServerThatGoesWhileConnecting(String fault) throws Exception {
    compareConnecting("--fault", fault);
  }

  @Test
  void aServerThatIsNotThere() throws Exception {
    int port;
    try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = unused.getLocalPort();
    }
    new Comparison(folder)
        .run(
            (calls, server) ->
                calls.transcript().call("connect", client -> connect(client, "127.0.0.1", port)));
  }

  @Test
  void aHostThatHasNoAddress() throws Exception {
    new Comparison(folder)
        .run(
            (calls, server) ->
                calls.transcript().call("connect", client -> connect(client, "host.invalid", 21)));
  }
}
