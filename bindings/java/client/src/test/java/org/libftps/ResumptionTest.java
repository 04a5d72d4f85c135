package org.libftps;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.libftps.testing.Account;
import org.libftps.testing.Kind;
import org.libftps.testing.TestServer;

/** What the client is for: every data connection resumes the control connection's session. */
class ResumptionTest {
  /** Servers that take no data connection with another session than the control connection's. */
  enum Server {
    FILEZILLA_0_9,
    FILEZILLA_1,
    VSFTPD,
    PROFTPD;

    TestServer start(String tls) throws IOException {
      switch (this) {
        case VSFTPD:
          return TestServer.real(Kind.VSFTPD, tls);
        case PROFTPD:
          return TestServer.real(Kind.PROFTPD, tls);
        default:
          // The old one has its words with TLS 1.3 too, which it never spoke.
          String wording = this == FILEZILLA_0_9 ? "filezilla-0.9" : "filezilla-1";
          return TestServer.strict("--tls", tls, "--wording", wording);
      }
    }
  }

  @ParameterizedTest(name = "{0}, TLS {1}")
  @CsvSource({
    "FILEZILLA_0_9, 1.2",
    "FILEZILLA_0_9, 1.3",
    "FILEZILLA_1, 1.2",
    "FILEZILLA_1, 1.3",
    "VSFTPD, 1.2",
    "VSFTPD, 1.3",
    "PROFTPD, 1.2",
    "PROFTPD, 1.3"
  })
  void everyDataConnectionOfALongSessionIsResumed(Server kind, String tls) throws Exception {
    try (TestServer server = kind.start(tls)) {
      try (FtpsClient client = Clients.login(server)) {
        assertEquals(tls.equals("1.2") ? TlsVersion.V1_2 : TlsVersion.V1_3, client.tlsVersion());
        client.changeDirectory(server.remoteHome());
        byte[] content = new byte[1000];
        new Random(1).nextBytes(content);
        for (int i = 0; i < 200; i++) {
          try (FtpsOutputStream out = client.upload("file-" + i)) {
            assertTrue(out.isResumed());
            out.write(content);
          }
        }
        for (int i = 0; i < 200; i++) {
          assertArrayEquals(content, read(client, "file-" + i));
        }
        for (int i = 0; i < 50; i++) {
          assertEquals(200, client.list("").entries().stream().filter(FtpsEntry::isFile).count());
        }
        assertEquals(450, client.statistics().resumed());
        assertEquals(450, client.statistics().dataConnections());
        assertEquals(0, client.statistics().relogins());
        client.quit();
      }
      Account account = server.stop();
      assertEquals(1, account.controlHandshakes());
      assertEquals(450, account.resumed());
      assertEquals(0, account.full());
      assertEquals(0, account.refused());
    }
  }

  @ParameterizedTest(name = "TLS {0}")
  @CsvSource({"1.2", "1.3"})
  void largeFilesArriveAsTheyWere(String tls) throws Exception {
    byte[] content = new byte[5_000_001];
    new Random(2).nextBytes(content);
    try (TestServer server = TestServer.strict("--tls", tls);
        FtpsClient client = Clients.login(server)) {
      try (OutputStream out = client.upload("large")) {
        out.write(content[0]);
        out.write(content, 1, 200_000);
        out.flush();
        out.write(content, 200_001, content.length - 200_001);
      }
      assertEquals(content.length, client.size("large"));
      assertArrayEquals(content, read(client, "large"));
    }
  }

  private static byte[] read(FtpsClient client, String path) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (InputStream in = client.download(path)) {
      byte[] piece = new byte[10_000];
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        bytes.write(piece, 0, count);
      }
    }
    return bytes.toByteArray();
  }
}
