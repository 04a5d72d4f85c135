package org.libftps.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.libftps.testing.Account;
import org.libftps.testing.TestServer;
import org.springframework.integration.file.remote.session.CachingSessionFactory;
import org.springframework.integration.file.remote.session.Session;
import org.springframework.integration.ftp.session.FtpRemoteFileTemplate;
import org.springframework.messaging.MessagingException;

/** Sessions that are used again. */
class CachingSessionFactoryTest {
  private static Application strict(String... options) throws Exception {
    return new Application(TestServer.strict(options));
  }

  private static Object client(Session<FTPFile> session) {
    return session.getClientInstance();
  }

  @Test
  void oneSessionServesUsesThatFollowEachOther() throws Exception {
    try (Application application = strict("--tls", "1.2")) {
      for (int i = 0; i < 20; i++) {
        application.put("file" + i, "content");
      }
      assertEquals(20, application.names().size());
      application.sessions.destroy();
      Account account = application.server.stop();
      assertEquals(1, account.get("logins"));
      assertEquals(21, account.resumed());
      assertEquals(21, account.get("data_connections"));
    }
  }

  @Test
  void theLimitHolds() throws Exception {
    try (Application application = strict()) {
      CachingSessionFactory<FTPFile> two = new CachingSessionFactory<>(application.factory, 2);
      two.setSessionWaitTimeout(100);
      Session<FTPFile> first = two.getSession();
      Session<FTPFile> second = two.getSession();
      assertThrows(RuntimeException.class, two::getSession);

      Object client = client(second);
      second.close();
      assertSame(client, client(two.getSession()));
      first.close();
      two.destroy();
    }
  }

  @Test
  void aTestedSessionAsksTheServerOnce() throws Exception {
    try (Application application = strict()) {
      application.sessions.setTestSession(true);
      application.put("file", "content");
      application.commands.clear();
      application.sessions.getSession();
      assertEquals(List.of("NOOP"), application.commands);
    }
  }

  @Test
  void aSessionThatTheServerHasClosedIsReplaced() throws Exception {
    try (Application application = strict("--idle-timeout", "1")) {
      application.put("file", "content");
      Thread.sleep(1500);
      assertEquals("content", application.get("file"));
      assertEquals(2, application.server.stop().get("logins"));
    }
  }

  @Test
  void aSessionThatBreaksInUseIsDropped() throws Exception {
    try (Application application = strict("--fault", "LIST#1@reply=cut-both")) {
      application.put("file", "content");
      assertThrows(MessagingException.class, application::names);
      assertEquals(List.of("file"), application.names());
      assertEquals(2, application.server.stop().get("logins"));
    }
  }

  @Test
  void aResetClosesIdleSessionsAtOnceAndOthersWhenTheyReturn() throws Exception {
    try (Application application = strict()) {
      Session<FTPFile> idle = application.sessions.getSession();
      Session<FTPFile> inUse = application.sessions.getSession();
      FTPClient idleClient = (FTPClient) idle.getClientInstance();
      FTPClient clientInUse = (FTPClient) inUse.getClientInstance();
      idle.close();
      application.sessions.resetCache();
      assertFalse(idleClient.isConnected());
      assertEquals(0, inUse.list("/").length);
      inUse.close();
      assertFalse(clientInUse.isConnected());
      assertNotSame(clientInUse, client(application.sessions.getSession()));
    }
  }

  @Test
  void aSessionThatIsGivenBackInTheMiddleOfARawReadIsUsedAgain() throws Exception {
    try (Application application = strict("--tls", "1.2")) {
      application.put("large", "x".repeat(3_000_000));
      Session<FTPFile> session = application.sessions.getSession();
      assertTrue(session.readRaw("/large").read() >= 0);
      session.close();
      assertEquals(List.of("large"), application.names());
      assertEquals(1, application.server.stop().get("logins"));
    }
  }

  /** Eight threads, each with a session of its own at a time. */
  @ParameterizedTest
  @EnumSource
  void everyDataConnectionOfManyThreadsResumesItsOwnControlSession(Servers server)
      throws Exception {
    try (Application application = new Application(server.start())) {
      CachingSessionFactory<FTPFile> eight = new CachingSessionFactory<>(application.factory, 8);
      FtpRemoteFileTemplate template = application.templateOf(eight);
      ExecutorService threads = Executors.newFixedThreadPool(16);
      List<Future<?>> jobs = new ArrayList<>();
      for (int i = 0; i < 80; i++) {
        String path = application.path("file" + i);
        String content = "content " + i;
        jobs.add(threads.submit(() -> putAndGet(template, path, content)));
      }
      for (Future<?> job : jobs) {
        job.get(60, TimeUnit.SECONDS);
      }
      threads.shutdown();
      eight.destroy();
      Account account = application.server.stop();
      assertEquals(160, account.resumed());
      assertEquals(0, account.full());
      assertEquals(0, account.refused());
      assertTrue(account.controlHandshakes() <= 8, account.toString());
      assertEquals(160, application.factory.getStatistics().resumed());
    }
  }

  private static void putAndGet(FtpRemoteFileTemplate template, String path, String content) {
    template.execute(
        session -> {
          session.write(new ByteArrayInputStream(content.getBytes()), path);
          return null;
        });
    template.get(path, stream -> assertEquals(content, new String(stream.readAllBytes())));
  }
}
