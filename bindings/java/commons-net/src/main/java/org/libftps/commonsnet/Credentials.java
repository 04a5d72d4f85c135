package org.libftps.commonsnet;

import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.apache.commons.net.util.TrustManagerUtils;
import org.libftps.FtpsClient;

/** JSSE's trust and key managers: those for certificates are what the native client can ask. */
final class Credentials {
  private Credentials() {}

  static void checkTrust(TrustManager trustManager) {
    if (trustManager != null && !(trustManager instanceof X509TrustManager)) {
      throw Refusals.of(
          "trust manager " + trustManager.getClass().getName(), "it is no X509TrustManager");
    }
  }

  static void checkKey(KeyManager keyManager) {
    if (keyManager != null && !(keyManager instanceof X509KeyManager)) {
      throw Refusals.of(
          "key manager " + keyManager.getClass().getName(), "it is no X509KeyManager");
    }
  }

  /** None: what the JVM trusts. */
  static void applyTrust(TrustManager trustManager, FtpsClient.Builder builder) {
    if (trustManager == TrustManagerUtils.getAcceptAllTrustManager()) {
      builder.acceptAnyCertificate(true);
    } else {
      builder.trustManager((X509TrustManager) trustManager);
    }
  }

  static void applyKey(KeyManager keyManager, FtpsClient.Builder builder) {
    builder.keyManager((X509KeyManager) keyManager);
  }
}
