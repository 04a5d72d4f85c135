package org.libftps;

import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;

/** Has a trust manager decide on a server's certificates. */
final class ServerTrust {
  private final X509TrustManager manager;

  ServerTrust(X509TrustManager manager) {
    this.manager = manager;
  }

  /** Throws with kind {@code certificate} when the manager refuses. */
  void check(List<byte[]> encoded) throws FtpsException {
    try {
      X509Certificate[] chain = certificates(encoded);
      check(chain, authType(chain[0]));
    } catch (CertificateException e) {
      throw new FtpsException(
          "certificate", "the trust manager refuses the server's certificate: " + reason(e), e);
    }
  }

  /** JSSE calls a manager of the extended kind in no other way; without a socket is allowed. */
  private void check(X509Certificate[] chain, String authType) throws CertificateException {
    if (manager instanceof X509ExtendedTrustManager) {
      ((X509ExtendedTrustManager) manager).checkServerTrusted(chain, authType, (Socket) null);
    } else {
      manager.checkServerTrusted(chain, authType);
    }
  }

  private static X509Certificate[] certificates(List<byte[]> encoded) throws CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    X509Certificate[] chain = new X509Certificate[encoded.size()];
    for (int i = 0; i < chain.length; i++) {
      ByteArrayInputStream in = new ByteArrayInputStream(encoded.get(i));
      chain[i] = (X509Certificate) factory.generateCertificate(in);
    }
    return chain;
  }

  /** JSSE's name for the key exchange, which is always an ephemeral one here. */
  private static String authType(X509Certificate leaf) {
    return leaf.getPublicKey().getAlgorithm().startsWith("RSA") ? "ECDHE_RSA" : "ECDHE_ECDSA";
  }

  private static String reason(CertificateException e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }
}
