package org.libftps;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.libftps.Failures.assertFails;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.libftps.testing.TestServer;

class KeyStoreTest {
  private static final char[] PASSWORD = "secret".toCharArray();

  @TempDir Path folder;

  @Test
  void certificatesOfAKeyStoreAreTrusted() throws Exception {
    try (TestServer server = TestServer.strict()) {
      FtpsClient.Builder builder = FtpsClient.builder("127.0.0.1").port(server.port());
      assertFails("certificate", builder::connect);
      Clients.login(server, builder.trustStore(trusting(server))).close();
    }
  }

  @Test
  void theJvmsTrustStoreIsTrustedWhereThatIsAskedFor() throws Exception {
    Path file = folder.resolve("trust.p12");
    try (TestServer server = TestServer.strict()) {
      try (OutputStream out = Files.newOutputStream(file)) {
        trusting(server).store(out, PASSWORD);
      }
      System.setProperty("javax.net.ssl.trustStore", file.toString());
      System.setProperty("javax.net.ssl.trustStorePassword", new String(PASSWORD));
      FtpsClient.Builder builder = FtpsClient.builder("127.0.0.1").port(server.port());
      assertFails("certificate", builder::connect);
      Clients.login(server, builder.jvmRoots()).close();
    } finally {
      System.clearProperty("javax.net.ssl.trustStore");
      System.clearProperty("javax.net.ssl.trustStorePassword");
    }
  }

  @Test
  void theClientsKeyComesFromAKeyStore() throws Exception {
    String prefix = folder.resolve("client").toString();
    try (TestServer server =
        TestServer.strict("--client-certificate", "required", "--client-out", prefix)) {
      KeyStore store = empty();
      Certificate certificate = certificate(Files.readAllBytes(folder.resolve("client.pem")));
      PrivateKey key = key(Files.readString(folder.resolve("client.key")));
      store.setKeyEntry("client", key, PASSWORD, new Certificate[] {certificate});
      FtpsClient.Builder builder = Clients.builder(server);
      assertThrows(
          IllegalArgumentException.class, () -> builder.clientIdentity(store, "nobody", PASSWORD));
      try (FtpsClient client =
          Clients.login(server, builder.clientIdentity(store, "client", PASSWORD))) {
        client.list("");
      }
      assertThrows(FtpsException.class, () -> Clients.login(server));
    }
  }

  private static KeyStore trusting(TestServer server) throws Exception {
    KeyStore store = empty();
    store.setCertificateEntry("ca", certificate(server.ca()));
    return store;
  }

  private static KeyStore empty() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static Certificate certificate(byte[] pem) throws Exception {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(pem));
  }

  private static PrivateKey key(String pem) throws Exception {
    byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
  }
}
