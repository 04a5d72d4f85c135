package org.libftps;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.libftps.testing.TestServer;

/** Certificates and keys of the strict server as Java has them. */
final class Stores {
  static final char[] PASSWORD = "secret".toCharArray();

  private Stores() {}

  static KeyStore empty() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  static KeyStore trusting(TestServer server) throws Exception {
    KeyStore store = empty();
    store.setCertificateEntry("ca", certificate(server.ca()));
    return store;
  }

  /** The JVM's own, with the certificates of a key store. */
  static X509TrustManager trustManager(KeyStore store) throws Exception {
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    return (X509TrustManager) factory.getTrustManagers()[0];
  }

  static X509Certificate certificate(byte[] pem) throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
  }

  /** What {@code --client-out} wrote. */
  static X509Certificate clientCertificate(Path prefix) throws Exception {
    return certificate(Files.readAllBytes(Path.of(prefix + ".pem")));
  }

  /** What {@code --client-out} wrote; of the kind that {@code --key} chose. */
  static PrivateKey clientKey(Path prefix) throws Exception {
    String pem = Files.readString(Path.of(prefix + ".key"));
    byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    String algorithm = clientCertificate(prefix).getPublicKey().getAlgorithm();
    return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
  }
}
