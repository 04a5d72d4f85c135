package org.libftps.testing;

import java.io.ByteArrayInputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;

/** Has this JVM trust a server for a while, as {@code -Djavax.net.ssl.trustStore} would. */
public final class JvmTrust implements AutoCloseable {
  private static final String PASSWORD = "changeit";

  private JvmTrust() {}

  /**
   * Trusts a server's authority.
   *
   * @param folder where to put the trust store
   * @param server the server
   * @return what ends it
   * @throws Exception if the trust store cannot be written
   */
  public static JvmTrust in(Path folder, TestServer server) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("ca", certificate(server));
    Path file = Files.createTempFile(folder, "trust", ".p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD.toCharArray());
    }
    System.setProperty("javax.net.ssl.trustStore", file.toString());
    System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
    return new JvmTrust();
  }

  private static Certificate certificate(TestServer server) throws Exception {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(server.ca()));
  }

  @Override
  public void close() {
    System.clearProperty("javax.net.ssl.trustStore");
    System.clearProperty("javax.net.ssl.trustStorePassword");
  }
}
