package org.libftps.commonsnet;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.apache.commons.net.util.TrustManagerUtils;
import org.libftps.FtpsClient;

/**
 * JSSE's trust and key managers, as far as they are roots and a key that the native client can be
 * given.
 */
final class Credentials {
  private static final String[] KEY_TYPES = {"EC", "RSA", "EdDSA", "Ed25519"};
  private static final String ALIAS = "client";
  private static final char[] IN_MEMORY = "in memory".toCharArray();

  private Credentials() {}

  /** Throws when the native client cannot do what this trust manager does. */
  static void checkTrust(TrustManager trustManager) {
    boolean acceptsAll = trustManager == TrustManagerUtils.getAcceptAllTrustManager();
    if (trustManager != null && !acceptsAll && !isOfTheJvm(trustManager)) {
      throw Refusals.of(
          "trust manager " + trustManager.getClass().getName(),
          "it judges by rules of its own; use setOptions with roots or a pin");
    }
  }

  /** Throws when this has no key that can be taken out. */
  static void checkKey(KeyManager keyManager) {
    if (keyManager != null && privateKey(keyManager) == null) {
      throw Refusals.of(
          "key manager " + keyManager.getClass().getName(), "it has no exportable client key");
    }
  }

  /** None: what the JVM trusts. */
  static void applyTrust(TrustManager trustManager, FtpsClient.Builder builder)
      throws GeneralSecurityException, IOException {
    if (trustManager == null) {
      builder.jvmRoots(true);
    } else if (trustManager == TrustManagerUtils.getAcceptAllTrustManager()) {
      builder.acceptAnyCertificate(true);
    } else {
      KeyStore roots = emptyStore();
      for (X509Certificate root : ((X509TrustManager) trustManager).getAcceptedIssuers()) {
        roots.setCertificateEntry("root " + roots.size(), root);
      }
      builder.platformRoots(false).trustStore(roots);
    }
  }

  static void applyKey(KeyManager keyManager, FtpsClient.Builder builder)
      throws GeneralSecurityException, IOException {
    if (keyManager != null) {
      X509KeyManager manager = (X509KeyManager) keyManager;
      KeyStore identity = emptyStore();
      X509Certificate[] chain = manager.getCertificateChain(alias(manager));
      identity.setKeyEntry(ALIAS, privateKey(manager), IN_MEMORY, chain);
      builder.clientIdentity(identity, ALIAS, IN_MEMORY);
    }
  }

  /** Those judge by their roots alone. */
  private static boolean isOfTheJvm(TrustManager trustManager) {
    return trustManager instanceof X509TrustManager
        && trustManager.getClass().getName().startsWith("sun.security.ssl.");
  }

  private static PrivateKey privateKey(KeyManager keyManager) {
    if (!(keyManager instanceof X509KeyManager)) {
      return null;
    }
    X509KeyManager manager = (X509KeyManager) keyManager;
    String alias = alias(manager);
    PrivateKey key = alias == null ? null : manager.getPrivateKey(alias);
    return key == null || key.getEncoded() == null ? null : key;
  }

  private static String alias(X509KeyManager manager) {
    return manager.chooseClientAlias(KEY_TYPES, null, null);
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
