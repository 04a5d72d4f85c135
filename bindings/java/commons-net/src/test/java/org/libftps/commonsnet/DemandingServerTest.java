package org.libftps.commonsnet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPSClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.libftps.testing.Account;
import org.libftps.testing.Kind;
import org.libftps.testing.TestServer;

/** Servers that take only data connections that resumed the control connection's session. */
class DemandingServerTest {
  private static String[] names(FTPFile[] files) {
    return Arrays.stream(files).map(FTPFile::getName).sorted().toArray(String[]::new);
  }

  /** The question that this project began with. */
  @Test
  void listsWhatTheStockClientSeesAsEmpty() throws Exception {
    try (TestServer server =
        TestServer.strict(
            "--wording", "filezilla-0.9", "--tls", "1.2", "--tls12-sessions", "ids")) {
      NativeFTPSClient client = Clients.trusting(new NativeFTPSClient("TLSv1.2"), server);
      client.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"});
      Clients.logIn(client, server);
      Clients.store(client, "orders.csv", "1;2");

      assertArrayEquals(new String[] {"orders.csv"}, names(client.listFiles("/")));
      assertEquals(226, client.getReplyCode());
      client.disconnect();

      FTPSClient stock = Clients.stock(server);
      assertArrayEquals(new String[0], names(stock.listFiles("/")));
      stock.disconnect();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1.2,filezilla-0.9", "1.3,filezilla-0.9",
    "1.2,filezilla-1", "1.3,filezilla-1",
    "1.2,vsftpd", "1.3,vsftpd",
    "1.2,proftpd", "1.3,proftpd"
  })
  void everyDataConnectionOfALongSessionResumes(String tls, String kind) throws Exception {
    try (TestServer server = demanding(kind, tls)) {
      NativeFTPSClient client = Clients.loggedIn(server);
      assertTrue(client.makeDirectory(server.remoteHome() + "/batch"), client.getReplyString());
      assertTrue(client.changeWorkingDirectory(server.remoteHome() + "/batch"));
      for (int i = 0; i < 200; i++) {
        Clients.store(client, "file" + i, "content " + i);
      }
      for (int i = 0; i < 200; i++) {
        assertEquals("content " + i, Clients.retrieve(client, "file" + i));
      }
      for (int i = 0; i < 50; i++) {
        assertEquals(200, client.listFiles().length);
      }
      assertEquals(450, client.getStatistics().resumed());
      assertTrue(client.logout());
      client.disconnect();

      Account account = server.stop();
      assertEquals(450, account.resumed());
      assertEquals(0, account.full());
      assertEquals(0, account.refused());
      assertEquals(1, account.controlHandshakes());
    }
  }

  /** A real server, or the strict one in another's words. */
  private static TestServer demanding(String kind, String tls) throws IOException {
    if (kind.startsWith("filezilla")) {
      return TestServer.strict("--tls", tls, "--wording", kind, "--tickets-on-uploads", "0");
    }
    return TestServer.real(Kind.valueOf(kind.toUpperCase(Locale.ROOT)), tls);
  }

  @Test
  void aLoginWhoseSessionsHaveExpiredIsRenewedWhereItWas() throws Exception {
    try (TestServer server = TestServer.strict("--ticket-lifetime", "1")) {
      NativeFTPSClient client = Clients.loggedIn(server);
      client.execPBSZ(0);
      client.execPROT("P");
      client.makeDirectory("dir");
      client.changeWorkingDirectory("dir");
      Thread.sleep(2500);
      Clients.store(client, "file", "content");
      assertArrayEquals(new String[] {"file"}, names(client.listFiles("/dir")));
      assertEquals(1, client.getStatistics().relogins());
      client.disconnect();
    }
  }

  @Test
  void aRefusedSessionIsThrownInTheServersWords() throws Exception {
    try (TestServer server =
        TestServer.strict(
            "--wording", "filezilla-0.9", "--tls12-sessions", "neither", "--tls", "1.2")) {
      NativeFTPSClient client = Clients.loggedIn(server);
      IOException refusal =
          assertThrows(
              IOException.class,
              () -> client.storeFile("file", new ByteArrayInputStream(new byte[10])));
      assertTrue(refusal.getMessage().contains("TLS session"), refusal.getMessage());
      client.disconnect();
    }
  }
}
