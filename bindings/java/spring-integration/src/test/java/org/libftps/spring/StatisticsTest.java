package org.libftps.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.libftps.Statistics;
import org.libftps.testing.TestServer;
import org.springframework.integration.ftp.session.FtpRemoteFileTemplate.ExistsMode;

/** How sessions and factories tell how their data connections fared. */
class StatisticsTest {
  @Test
  void aSessionCountsItsOwn() throws Exception {
    try (Application application = new Application(TestServer.strict())) {
      NativeFtpsSession first = (NativeFtpsSession) application.factory.getSession();
      NativeFtpsSession second = (NativeFtpsSession) application.factory.getSession();
      first.list("/");
      first.list("/");
      second.list("/");
      assertEquals(2, first.getStatistics().resumed());
      assertEquals(1, second.getStatistics().resumed());
      first.close();
      second.close();
      assertEquals(2, first.getStatistics().resumed());
    }
  }

  @Test
  void theFactorySumsOpenAndClosedSessions() throws Exception {
    try (Application application = new Application(TestServer.strict())) {
      assertEquals(0, application.factory.getStatistics().dataConnections());
      NativeFtpsSession closed = (NativeFtpsSession) application.factory.getSession();
      closed.list("/");
      closed.close();
      NativeFtpsSession open = (NativeFtpsSession) application.factory.getSession();
      open.list("/");
      assertEquals(2, application.factory.getStatistics().resumed());
      open.close();
      assertEquals(2, application.factory.getStatistics().resumed());
    }
  }

  @Test
  void everyKindOfTransferCounts() throws Exception {
    try (Application application = new Application(TestServer.strict())) {
      application.put("file", "content");
      application.get("file");
      application.names();
      application.template.execute(session -> session.listNames("/"));
      application.template.get("/file", InputStream::readAllBytes);
      // Not by the session, but by its client: counted when the session goes back.
      application.template.setExistsMode(ExistsMode.NLST);
      application.template.exists("/file");
      Statistics statistics = application.factory.getStatistics();
      assertEquals(6, statistics.dataConnections());
      assertEquals(6, statistics.resumed());
    }
  }

  @Test
  void dataConnectionsThatDidNotResumeCount() throws Exception {
    String[] lenient = {"--resumption", "none", "--tls", "1.2", "--tls12-sessions", "neither"};
    try (Application application = new Application(TestServer.strict(lenient))) {
      application.names();
      assertEquals(1, application.factory.getStatistics().full());
      assertEquals(0, application.factory.getStatistics().resumed());
    }
  }

  @Test
  void aSessionInTheMiddleOfATransferCanBeAsked() throws Exception {
    try (Application application = new Application(TestServer.strict())) {
      application.put("large", "x".repeat(3_000_000));
      NativeFtpsSession session = (NativeFtpsSession) application.factory.getSession();
      session.list("/");
      InputStream stream = session.readRaw("/large");
      stream.read();
      Thread reader =
          new Thread(
              () -> {
                for (int i = 0; i < 1000; i++) {
                  session.getStatistics();
                }
              });
      reader.start();
      assertEquals(3_000_000 - 1, stream.readAllBytes().length);
      reader.join();
      session.finalizeRaw();
      assertEquals(2, session.getStatistics().resumed());
      session.close();
    }
  }
}
