package org.libftps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.libftps.Failures.assertFails;

import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.libftps.testing.TestServer;

/** A trust manager decides; the name is checked besides. */
class TrustManagerTest {
  /** Takes every chain, unless it is given something to throw, and writes down what it is asked. */
  private static class Recorder implements X509TrustManager {
    final List<X509Certificate[]> chains = Collections.synchronizedList(new ArrayList<>());
    final List<String> authTypes = Collections.synchronizedList(new ArrayList<>());
    final List<Thread> threads = Collections.synchronizedList(new ArrayList<>());
    volatile Throwable throwing;

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType)
        throws CertificateException {
      chains.add(chain);
      authTypes.add(authType);
      threads.add(Thread.currentThread());
      if (throwing instanceof CertificateException) {
        throw (CertificateException) throwing;
      }
      if (throwing != null) {
        throw Unchanged.thrown(throwing);
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {
      throw new AssertionError("this is a client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private static FtpsClient.Builder builder(TestServer server, X509TrustManager manager) {
    return FtpsClient.builder(server.host()).port(server.port()).trustManager(manager);
  }

  @ParameterizedTest(name = "TLS {0}, {1}")
  @CsvSource({
    "1.2, p256, ECDHE_ECDSA",
    "1.3, p256, ECDHE_ECDSA",
    "1.2, rsa, ECDHE_RSA",
    "1.3, rsa, ECDHE_RSA",
    "1.2, ed25519, ECDHE_ECDSA",
    "1.3, ed25519, ECDHE_ECDSA"
  })
  void itIsAskedWithChainAndAuthTypeOnTheCallersThread(String tls, String key, String authType)
      throws Exception {
    try (TestServer server = TestServer.strict("--tls", tls, "--key", key)) {
      Recorder recorder = new Recorder();
      try (FtpsClient client = Clients.login(server, builder(server, recorder))) {
        client.list("");
      }
      // A data connection that is resumed presents no certificate.
      assertEquals(1, recorder.chains.size());
      recorder.chains.get(0)[0].verify(Stores.certificate(server.ca()).getPublicKey());
      assertEquals(List.of(authType), recorder.authTypes);
      assertSame(Thread.currentThread(), recorder.threads.get(0));
    }
  }

  @ParameterizedTest(name = "TLS {0}")
  @ValueSource(strings = {"1.2", "1.3"})
  void dataConnectionsThatAreNotResumedAreAskedForToo(String tls) throws Exception {
    try (TestServer server = TestServer.strict("--tls", tls, "--resumption", "none")) {
      Recorder recorder = new Recorder();
      FtpsClient.Builder builder = builder(server, recorder).resumption(ResumptionPolicy.OFF);
      CertificateException refusal = new CertificateException("no longer");
      try (FtpsClient client = Clients.login(server, builder)) {
        client.list("");
        assertEquals(2, recorder.chains.size());
        recorder.throwing = refusal;
        FtpsException failure = assertFails("certificate", () -> client.list(""));
        assertSame(refusal, failure.getCause());
        assertEquals(3, recorder.chains.size());
        recorder.throwing = null;
        client.list("");
      }
    }
  }

  @Test
  void aCertificateExceptionIsTheCauseOfTheFailure() throws Exception {
    try (TestServer server = TestServer.strict()) {
      Recorder recorder = new Recorder();
      recorder.throwing = new CertificateException("not in our register");
      FtpsException failure = assertFails("certificate", builder(server, recorder)::connect);
      assertSame(recorder.throwing, failure.getCause());
      assertTrue(failure.getMessage().contains("not in our register"), failure::getMessage);
      // Roots do not help.
      FtpsClient.Builder withRoots = builder(server, recorder).extraRootsPem(server.ca());
      assertFails("certificate", withRoots::connect);
      assertEquals(0, server.stop().get("logins"));
    }
  }

  @Test
  void whateverElseItThrowsReachesTheCallerUnchanged() throws Exception {
    try (TestServer server = TestServer.strict()) {
      for (Throwable thrown : List.of(new IllegalStateException(), new AssertionError())) {
        Recorder recorder = new Recorder();
        recorder.throwing = thrown;
        FtpsClient.Builder builder = builder(server, recorder);
        assertSame(thrown, assertThrows(thrown.getClass(), builder::connect));
      }
    }
  }

  @Test
  void theNameIsCheckedWhateverItSaysUnlessThatIsSwitchedOff() throws Exception {
    try (TestServer server = TestServer.strict("--certificate", "other-name")) {
      FtpsClient.Builder builder = builder(server, new Recorder());
      FtpsException failure = assertFails("certificate", builder::connect);
      assertTrue(failure.getMessage().contains("127.0.0.1"), failure::getMessage);
      Clients.login(server, builder(server, new Recorder()).tlsServerName("other.example")).close();
      Clients.login(server, builder.checkServerName(false)).close();
      // That switch trusts nobody who is not trusted otherwise.
      FtpsClient.Builder untrusted = FtpsClient.builder(server.host()).port(server.port());
      assertFails("certificate", untrusted.checkServerName(false)::connect);
      Clients.login(server, untrusted.extraRootsPem(server.ca())).close();
    }
  }

  @Test
  void theNameIsCheckedOnDataConnectionsToo() throws Exception {
    try (TestServer server =
        TestServer.strict("--resumption", "none", "--data-certificate", "other-name")) {
      FtpsClient.Builder builder =
          builder(server, new Recorder()).resumption(ResumptionPolicy.OFF).relogin(false);
      try (FtpsClient client = Clients.login(server, builder)) {
        FtpsException failure = assertFails("certificate", () -> client.list(""));
        assertTrue(failure.getMessage().contains("it is not for 127.0.0.1"), failure::getMessage);
      }
    }
  }

  @Test
  void theJvmsOwnTrustManagerDecidesAsItDoesForJsse() throws Exception {
    try (TestServer server = TestServer.strict();
        TestServer other = TestServer.strict();
        TestServer expired = TestServer.strict("--certificate", "expired")) {
      Clients.login(server, builder(server, Stores.trustManager(Stores.trusting(server)))).close();
      X509TrustManager manager = Stores.trustManager(Stores.trusting(other));
      assertFails("certificate", builder(server, manager)::connect);
      manager = Stores.trustManager(Stores.trusting(expired));
      assertFails("certificate", builder(expired, manager)::connect);
    }
  }

  @Test
  void anExtendedTrustManagerIsAskedAsJsseAsksIt() throws Exception {
    List<Socket> sockets = new ArrayList<>();
    X509TrustManager extended =
        new X509ExtendedTrustManager() {
          @Override
          public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
            sockets.add(socket);
          }

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
              throws CertificateException {
            throw new CertificateException("there is no engine");
          }

          @Override
          public void checkServerTrusted(X509Certificate[] chain, String type)
              throws CertificateException {
            throw new CertificateException("JSSE would not call this");
          }

          @Override
          public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

          @Override
          public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

          @Override
          public void checkClientTrusted(X509Certificate[] chain, String type) {}

          @Override
          public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
          }
        };
    try (TestServer server = TestServer.strict()) {
      Clients.login(server, builder(server, extended)).close();
    }
    assertEquals(1, sockets.size());
    assertNull(sockets.get(0));
  }

  @Test
  void itMustNotUseTheClientItIsAskedFor() throws Exception {
    try (TestServer server = TestServer.strict("--resumption", "none")) {
      FtpsClient[] client = new FtpsClient[1];
      Recorder reentrant =
          new Recorder() {
            @Override
            public void checkServerTrusted(X509Certificate[] chain, String authType) {
              if (client[0] != null) {
                threads.add(Thread.currentThread());
                assertFails("wrong-state", client[0]::noop);
              }
            }
          };
      FtpsClient.Builder builder = builder(server, reentrant).resumption(ResumptionPolicy.OFF);
      client[0] = Clients.login(server, builder);
      client[0].list("");
      client[0].close();
      assertEquals(1, reentrant.threads.size());
    }
  }

  @Test
  void aReloginAsksItAgain() throws Exception {
    try (TestServer server = TestServer.strict("--ticket-lifetime", "1", "--tls", "1.3")) {
      Recorder recorder = new Recorder();
      try (FtpsClient client = Clients.login(server, builder(server, recorder))) {
        Thread.sleep(1100);
        client.list("");
        assertEquals(1, client.statistics().relogins());
      }
      // At both logins, and on the data connection in between that was not resumed and so refused.
      assertEquals(3, recorder.chains.size());
    }
  }

  @ParameterizedTest(name = "TLS {0}")
  @ValueSource(strings = {"1.2", "1.3"})
  void itIsAskedOnTheThreadsOfAPlanAndWhatItThrowsReachesTheCaller(String tls, @TempDir Path folder)
      throws Exception {
    Recorder recorder = new Recorder();
    try (TestServer server = TestServer.strict("--sample-files", "--tls", tls);
        FtpsClient client = Clients.login(server);
        FtpsPool pool = builder(server, recorder).pool(server.user(), server.password()).build()) {
      Mirror mirror = Mirror.download("/", folder.resolve("copy"));
      Throwable refusal = new CertificateException("not in our register");
      Throwable defect = new IllegalStateException();
      MirrorPlan refused = mirror.plan(client);
      recorder.throwing = refusal;
      FtpsException failure = assertFails("certificate", () -> refused.execute(pool, null));
      assertSame(refusal, failure.getCause());
      MirrorPlan thrown = mirror.plan(client);
      recorder.throwing = defect;
      assertSame(
          defect, assertThrows(IllegalStateException.class, () -> thrown.execute(pool, null)));
      recorder.throwing = null;
      assertTrue(mirror.plan(client).execute(pool, null).isComplete());
      for (Thread thread : recorder.threads) {
        assertEquals("libftps-mirror", thread.getName());
      }
    }
  }
}
