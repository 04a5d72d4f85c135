package org.libftps;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.libftps.Failures.assertFails;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.libftps.testing.TestServer;

/** Trust and keys from key stores, the JVM's among them. */
class KeyStoreTest {
  @TempDir Path folder;

  private static FtpsClient.Builder builder(TestServer server) {
    return FtpsClient.builder(server.host()).port(server.port());
  }

  @Test
  void certificatesOfAKeyStoreAreTrusted() throws Exception {
    try (TestServer server = TestServer.strict()) {
      FtpsClient.Builder builder = builder(server);
      assertFails("certificate", builder::connect);
      Clients.login(server, builder.trustStore(Stores.trusting(server))).close();
    }
  }

  @Test
  void aKeyStoreThatTrustsNobodyIsRefused() throws Exception {
    KeyStore empty = Stores.empty();
    assertThrows(
        IllegalArgumentException.class, () -> FtpsClient.builder("localhost").trustStore(empty));
  }

  @Test
  void whatTheJvmTrustsIsTrustedWhereNothingIsSet() throws Exception {
    try (TestServer server = TestServer.strict();
        TestServer other = TestServer.strict()) {
      whileTheJvmTrusts(
          server,
          () -> {
            Clients.login(server, builder(server)).close();
            assertFails("certificate", builder(other)::connect);
            // Roots of one's own come besides, a trust store of one's own in its place.
            Clients.login(server, builder(server).extraRootsPem(other.ca())).close();
            assertFails("certificate", builder(server).trustStore(Stores.trusting(other))::connect);
            Clients.login(server, builder(server).trustStore(Stores.trusting(other)).jvmRoots(true))
                .close();
            assertFails("certificate", builder(server).jvmRoots(false)::connect);
          });
    }
  }

  @Test
  void aTrustStoreOfTheJvmThatCannotBeReadIsNamed() throws Exception {
    Path file = Files.write(folder.resolve("garbage"), new byte[100]);
    System.setProperty("javax.net.ssl.trustStore", file.toString());
    try {
      FtpsException failure =
          assertFails("invalid-argument", FtpsClient.builder("localhost")::connect);
      assertTrue(failure.getMessage().contains("javax.net.ssl.trustStore"), failure::getMessage);
    } finally {
      System.clearProperty("javax.net.ssl.trustStore");
    }
  }

  @Test
  void theClientsKeyComesFromAKeyStore() throws Exception {
    Path prefix = folder.resolve("client");
    try (TestServer server =
        TestServer.strict("--client-certificate", "required", "--client-out", prefix.toString())) {
      KeyStore store = Stores.empty();
      Certificate[] chain = {Stores.clientCertificate(prefix)};
      store.setKeyEntry("client", Stores.clientKey(prefix), Stores.PASSWORD, chain);
      FtpsClient.Builder builder = Clients.builder(server);
      assertThrows(
          IllegalArgumentException.class,
          () -> builder.clientIdentity(store, "nobody", Stores.PASSWORD));
      assertThrows(
          UnrecoverableKeyException.class,
          () -> builder.clientIdentity(store, "client", "wrong".toCharArray()));
      builder.clientIdentity(store, "client", Stores.PASSWORD);
      try (FtpsClient client = Clients.login(server, builder)) {
        client.list("");
      }
      assertThrows(FtpsException.class, () -> Clients.login(server));
    }
  }

  private void whileTheJvmTrusts(TestServer server, Action action) throws Exception {
    Path file = folder.resolve("trust.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      Stores.trusting(server).store(out, Stores.PASSWORD);
    }
    System.setProperty("javax.net.ssl.trustStore", file.toString());
    System.setProperty("javax.net.ssl.trustStorePassword", new String(Stores.PASSWORD));
    try {
      action.run();
    } finally {
      System.clearProperty("javax.net.ssl.trustStore");
      System.clearProperty("javax.net.ssl.trustStorePassword");
    }
  }

  private interface Action {
    void run() throws Exception;
  }
}
