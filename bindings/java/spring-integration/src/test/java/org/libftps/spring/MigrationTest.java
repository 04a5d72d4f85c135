package org.libftps.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.net.ftp.FTPFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.libftps.testing.Account;
import org.libftps.testing.Fragment;
import org.libftps.testing.JvmTrust;
import org.libftps.testing.TestServer;
import org.springframework.integration.file.remote.session.Session;
import org.springframework.integration.file.remote.session.SessionFactory;
import org.springframework.integration.ftp.session.DefaultFtpsSessionFactory;

/** What {@code docs/migration.md} says of Spring Integration, done to the letter. */
class MigrationTest {
  private static final List<String> IMPORTS =
      List.of(
          "org.apache.commons.net.ftp.*",
          "org.libftps.commonsnet.NativeFTPSClient",
          "org.libftps.spring.NativeFtpsSessionFactory",
          "org.springframework.integration.file.remote.session.CachingSessionFactory",
          "org.springframework.integration.ftp.session.DefaultFtpsSessionFactory");

  @TempDir private Path folder;

  private static Fragment fragment(int index) throws IOException {
    List<Fragment> fragments = Fragment.below("docs/migration.md", "## Spring Integration");
    assertEquals(2, fragments.size());
    return fragments.get(index);
  }

  private Method compile(String code) throws Exception {
    return Fragment.compile(folder, IMPORTS, "", code);
  }

  private static void transfer(SessionFactory<FTPFile> sessions) throws Exception {
    try (Session<FTPFile> session = sessions.getSession()) {
      session.write(new ByteArrayInputStream(new byte[3]), "/file");
      assertEquals(1, session.list("/").length);
    }
  }

  @Test
  @SuppressWarnings("unchecked")
  void anotherFactory() throws Exception {
    compile(fragment(0).before() + "return sessions;");
    try (TestServer server = TestServer.strict();
        JvmTrust trust = JvmTrust.in(folder, server)) {
      String code =
          fragment(0)
              .after()
              .replace("ftps.example.com", server.host())
              .replace("setPort(21)", "setPort(" + server.port() + ")");
      transfer((SessionFactory<FTPFile>) Fragment.run(compile(code + "return sessions;")));
      Account account = server.stop();
      assertEquals(2, account.resumed());
      assertEquals(0, account.get("data_active"));
    }
  }

  @Test
  void theFactoryThatThereIs() throws Exception {
    String made = "return new PartnerSessionFactory();";
    compile(fragment(1).before() + made);
    try (TestServer server = TestServer.strict();
        JvmTrust trust = JvmTrust.in(folder, server)) {
      Method after = compile(fragment(1).after() + made);
      transfer(Application.configured((DefaultFtpsSessionFactory) Fragment.run(after), server));
      Account account = server.stop();
      assertEquals(2, account.resumed());
      assertEquals(2, account.get("data_active"));
    }
  }
}
