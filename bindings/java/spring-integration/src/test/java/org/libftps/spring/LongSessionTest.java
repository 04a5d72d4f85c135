package org.libftps.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.apache.commons.net.ftp.FTPFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.libftps.testing.Account;
import org.libftps.testing.Kind;
import org.libftps.testing.TestServer;
import org.springframework.integration.file.remote.session.Session;

/**
 * One session that makes 450 data connections, each of which the server's own account says resumed.
 */
class LongSessionTest {
  private static final int FILES = 200;
  private static final int LISTINGS = 50;

  @ParameterizedTest
  @CsvSource({
    "filezilla-0.9, 1.2",
    "filezilla-0.9, 1.3",
    "filezilla-1, 1.2",
    "filezilla-1, 1.3",
    "VSFTPD, 1.2",
    "VSFTPD, 1.3",
    "PROFTPD, 1.2",
    "PROFTPD, 1.3"
  })
  void everyDataConnectionResumes(String server, String tls) throws Exception {
    try (Application application = new Application(started(server, tls))) {
      try (Session<FTPFile> session = application.factory.getSession()) {
        for (int i = 0; i < FILES; i++) {
          String path = application.path("file" + i);
          byte[] content = ("content of " + path).getBytes(StandardCharsets.UTF_8);
          session.write(new ByteArrayInputStream(content), path);
          ByteArrayOutputStream back = new ByteArrayOutputStream();
          session.read(path, back);
          assertEquals(
              new String(content, StandardCharsets.UTF_8), back.toString(StandardCharsets.UTF_8));
          if (i % (FILES / LISTINGS) == 0) {
            assertEquals(i + 1, Application.names(session.list(application.home())).size());
          }
        }
      }
      long connections = 2 * FILES + LISTINGS;
      assertEquals(connections, application.factory.getStatistics().resumed());
      assertEquals(0, application.factory.getStatistics().full());

      Account account = application.server.stop();
      assertEquals(1, account.controlHandshakes());
      assertEquals(connections, account.resumed());
      assertEquals(0, account.full());
      assertEquals(0, account.refused());
    }
  }

  private static TestServer started(String server, String tls) throws Exception {
    return server.startsWith("filezilla")
        ? TestServer.strict("--wording", server, "--tls", tls)
        : TestServer.real(Kind.valueOf(server), tls);
  }
}
