package org.libftps.commonsnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLHandshakeException;
import org.apache.commons.net.util.TrustManagerUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.libftps.FtpsException;
import org.libftps.testing.TestServer;

/** JSSE's trust and key managers, set as Commons Net has it. */
class CredentialsTest {
  private static final char[] PASSWORD = "secret".toCharArray();

  @TempDir private Path folder;

  @Test
  void aTrustManagerOfTheJvmGivesItsRoots() throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFTPSClient client = new NativeFTPSClient();
      client.setTrustManager(Clients.trustManager(server));
      Clients.logIn(client, server).disconnect();
    }
  }

  @Test
  void theNameIsCheckedBesides() throws Exception {
    try (TestServer server = TestServer.strict("--certificate", "other-name")) {
      NativeFTPSClient client = new NativeFTPSClient();
      client.setTrustManager(Clients.trustManager(server));
      SSLHandshakeException refusal =
          assertThrows(
              SSLHandshakeException.class, () -> client.connect(server.host(), server.port()));
      assertEquals("certificate", ((FtpsException) refusal.getCause()).kind());
    }
  }

  @Test
  void theNameIsNotCheckedWhereTheCallerSaysSo() throws Exception {
    try (TestServer server = TestServer.strict("--certificate", "other-name")) {
      NativeFTPSClient client = new NativeFTPSClient();
      client.setTrustManager(Clients.trustManager(server));
      client.setEndpointCheckingEnabled(false);
      Clients.logIn(client, server).disconnect();
    }
  }

  @Test
  void theStockClientsTrustManagerChecksDatesOnly() throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFTPSClient client = new NativeFTPSClient();
      client.setTrustManager(TrustManagerUtils.getValidateServerCertificateTrustManager());
      Clients.logIn(client, server).disconnect();
    }
    try (TestServer server = TestServer.strict("--certificate", "expired")) {
      NativeFTPSClient client = new NativeFTPSClient();
      client.setTrustManager(TrustManagerUtils.getValidateServerCertificateTrustManager());
      SSLHandshakeException refusal =
          assertThrows(
              SSLHandshakeException.class, () -> client.connect(server.host(), server.port()));
      assertInstanceOf(CertificateExpiredException.class, refusal.getCause().getCause());
    }
  }

  @Test
  void theTrustManagerThatAcceptsAllDoes() throws Exception {
    try (TestServer server = TestServer.strict("--certificate", "other-name")) {
      NativeFTPSClient client = new NativeFTPSClient();
      client.setTrustManager(TrustManagerUtils.getAcceptAllTrustManager());
      Clients.logIn(client, server).disconnect();
    }
  }

  @Test
  void aKeyManagerGivesTheClientsCertificate() throws Exception {
    String prefix = folder.resolve("client").toString();
    try (TestServer server =
        TestServer.strict("--client-certificate", "required", "--client-out", prefix)) {
      assertThrows(IOException.class, () -> Clients.loggedIn(server));

      KeyStore store = empty();
      Certificate certificate = certificate(Files.readAllBytes(folder.resolve("client.pem")));
      String pem = Files.readString(folder.resolve("client.key"));
      byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
      store.setKeyEntry(
          "client",
          KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der)),
          PASSWORD,
          new Certificate[] {certificate});
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, PASSWORD);
      NativeFTPSClient client = Clients.trusting(server);
      client.setKeyManager(keys.getKeyManagers()[0]);
      Clients.logIn(client, server);
      Clients.store(client, "file", "content");
      client.disconnect();
    }
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
}
