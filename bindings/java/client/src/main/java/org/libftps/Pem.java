package org.libftps;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** The JVM's key stores in PEM, which is what the native library takes. */
final class Pem {
  private static final byte[] LINE_END = {'\n'};

  private Pem() {}

  /** The certificates that a key store trusts. */
  static byte[] trusted(KeyStore store) throws GeneralSecurityException {
    List<Certificate> certificates = new ArrayList<>();
    for (String alias : Collections.list(store.aliases())) {
      if (store.isCertificateEntry(alias)) {
        certificates.add(store.getCertificate(alias));
      }
    }
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException(
          "the key store trusts nobody: it has no certificate entries (keys are not trusted)");
    }
    return certificates(certificates);
  }

  /** The certificates that the JVM trusts: its cacerts, or {@code javax.net.ssl.trustStore}. */
  static byte[] trustedByJvm() throws FtpsException {
    List<Certificate> certificates = new ArrayList<>();
    try {
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init((KeyStore) null);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509TrustManager) {
          certificates.addAll(Arrays.asList(((X509TrustManager) manager).getAcceptedIssuers()));
        }
      }
      return certificates(certificates);
    } catch (GeneralSecurityException e) {
      throw new FtpsException(
          "invalid-argument",
          "what the JVM trusts (javax.net.ssl.trustStore) cannot be read: " + e.getMessage(),
          e);
    }
  }

  private static byte[] certificates(Collection<? extends Certificate> certificates)
      throws CertificateEncodingException {
    ByteArrayOutputStream pem = new ByteArrayOutputStream();
    for (Certificate certificate : certificates) {
      byte[] block = block("CERTIFICATE", certificate.getEncoded());
      pem.write(block, 0, block.length);
    }
    return pem.toByteArray();
  }

  private static byte[] block(String label, byte[] der) {
    String body =
        new String(Base64.getMimeEncoder(64, LINE_END).encode(der), StandardCharsets.US_ASCII);
    String block = "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    return block.getBytes(StandardCharsets.US_ASCII);
  }
}
