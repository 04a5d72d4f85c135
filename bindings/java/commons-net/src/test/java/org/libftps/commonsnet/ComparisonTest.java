package org.libftps.commonsnet;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.net.ftp.FTPSClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The same calls on the stock client and on ours, against a server that asks for no resumption,
 * give the same results, replies and exceptions.
 */
class ComparisonTest {
  @TempDir private Path folder;

  private void compare(Comparison.Script script, String... options) throws Exception {
    new Comparison(folder).run(script, options);
  }

  @ParameterizedTest
  @CsvSource({"TLSv1.2, passive", "TLSv1.3, passive", "TLSv1.2, active", "TLSv1.3, active"})
  void aSession(String protocol, String mode) throws Exception {
    compare(
        (calls, server) ->
            calls
                .settings(null)
                .tlsVersion(protocol)
                .connecting(server)
                .loggingIn(server)
                .mode(mode)
                .directories()
                .uploads()
                .listings()
                .downloads()
                .commands()
                .loggingOut());
  }

  @Test
  void aSessionOfAClientThatSetNothing() throws Exception {
    compare(
        (calls, server) ->
            calls
                .trustingAll()
                .connecting(server)
                .loggingIn(server)
                .uploads()
                .listings()
                .quitting());
  }

  @Test
  void implicitTls() throws Exception {
    Comparison comparison =
        new Comparison(folder, () -> new FTPSClient(true), () -> new NativeFTPSClient(true));
    comparison.run(
        (calls, server) ->
            calls
                .settings(null)
                .withoutProxy()
                .connecting(server)
                .loggingIn(server)
                .passive()
                .listings()
                .loggingOut(),
        "--implicit");
  }

  @Test
  void oneClientForSeveralConnections() throws Exception {
    compare(
        (calls, server) ->
            calls
                .settings(null)
                .connecting(server)
                .loggingIn(server)
                .passive()
                .loggingOut()
                .connecting(server)
                .loggingIn(server)
                .active()
                .listings()
                .loggingOut());
  }

  @Test
  void aLoginThatNeedsAnAccount() throws Exception {
    compare(
        (calls, server) ->
            calls.settings(null).connecting(server).loggingInWithAccount(server).loggingOut(),
        "--answer",
        "PASS=332 Which account?",
        "--answer",
        "ACCT=230 Logged in.",
        "--answer",
        "TYPE=200 Fine.");
  }

  /** But for transfers: the stock client has a {@code NullPointerException} for them. */
  @Test
  void beforeItConnects() throws Exception {
    compare((calls, server) -> calls.passive().directories().commands().disconnecting());
  }

  @ParameterizedTest
  @CsvSource({
    "450 Busy., passive", "550 No such file., passive", "553 No such name., passive",
    "450 Busy., active", "550 No such file., active", "553 No such name., active"
  })
  void ordinaryRefusals(String reply, String mode) throws Exception {
    List<String> options = new ArrayList<>();
    for (String verb :
        List.of(
            "PWD", "MKD", "CWD", "CDUP", "RMD", "DELE", "RNFR", "RETR", "STOR", "APPE", "LIST",
            "NLST", "STAT", "MDTM", "SITE", "NOOP")) {
      options.addAll(List.of("--answer", verb + "=" + reply));
    }
    compare(
        (calls, server) ->
            calls
                .settings(null)
                .connecting(server)
                .loggingIn(server)
                .mode(mode)
                .directories()
                .uploads()
                .listings()
                .downloads()
                .commands()
                .loggingOut(),
        options.toArray(String[]::new));
  }
}
