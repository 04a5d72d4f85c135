package org.libftps.commonsnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every method that Spring Integration, Camel or VFS call on a client is compared. */
class CallersTest {
  /** Only where the library makes a stock client itself. */
  private static final Set<String> CONSTRUCTORS =
      Set.of(
          "<init>()V",
          "<init>(Z)V",
          "<init>(Ljava/lang/String;Z)V",
          "<init>(ZLjavax/net/ssl/SSLContext;)V");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "org/springframework/integration/ftp/session/FtpSession.class",
        "org/apache/camel/component/file/remote/FtpsOperations.class",
        "org/apache/commons/vfs2/provider/ftp/FTPClientWrapper.class"
      })
  void whatALibraryCallsIsCompared(String resource) throws Exception {
    Set<String> called = CalledMethods.byJarOf(resource);
    assertTrue(called.contains("connect(Ljava/lang/String;I)V"), called.toString());
    assertTrue(called.size() > 30, called.toString());

    Set<String> notCompared = new TreeSet<>(called);
    notCompared.removeAll(CalledMethods.by(ComparedCalls.class));
    notCompared.removeAll(CalledMethods.by(Clients.class));
    notCompared.removeAll(CONSTRUCTORS);
    assertEquals(Set.of(), notCompared);
  }

  @Test
  void theVersionIsTheOneThatTheBuildNames() {
    String jar =
        getClass()
            .getResource("/org/springframework/integration/ftp/session/FtpSession.class")
            .getPath();
    String version = System.getProperty("spring-integration.version");
    assertTrue(jar.contains("spring-integration-ftp-" + version + ".jar!"), jar);
  }
}
