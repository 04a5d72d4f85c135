package org.libftps;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.libftps.testing.Account;
import org.libftps.testing.TestServer;

/** What the client is for: every data connection resumes the control connection's session. */
class ResumptionTest {
  @ParameterizedTest(name = "TLS {0}, {1}")
  @CsvSource({"1.2, filezilla-0.9", "1.2, filezilla-1", "1.3, filezilla-1", "1.3, filezilla-0.9"})
  void everyDataConnectionOfALongSessionIsResumed(String tls, String wording) throws Exception {
    try (TestServer server = TestServer.strict("--tls", tls, "--wording", wording)) {
      try (FtpsClient client = Clients.login(server)) {
        assertEquals(tls.equals("1.2") ? TlsVersion.V1_2 : TlsVersion.V1_3, client.tlsVersion());
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
        Statistics statistics = client.statistics();
        assertEquals(450, statistics.dataConnections());
        assertEquals(450, statistics.resumed());
        assertEquals(0, statistics.full());
        assertEquals(0, statistics.relogins());
        client.quit();
      }
      Account counters = server.stop();
      assertEquals(450, counters.get("data_connections"));
      assertEquals(450, counters.get("data_same_session"));
      assertEquals(200, counters.get("uploads_completed"));
      assertEquals(250, counters.get("downloads_completed"));
      assertEquals(1, counters.get("logins"));
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
