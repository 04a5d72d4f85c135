package org.libftps;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.X509KeyManager;

/** Always chooses the same key of a key store. */
final class SingleKeyManager implements X509KeyManager {
  private final String alias;
  private final PrivateKey key;
  private final X509Certificate[] chain;

  SingleKeyManager(KeyStore store, String alias, char[] password) throws GeneralSecurityException {
    Key found = store.getKey(alias, password);
    Certificate[] certificates = store.getCertificateChain(alias);
    if (!(found instanceof PrivateKey) || certificates == null) {
      throw new IllegalArgumentException(
          "the key store has no private key with a certificate named " + alias);
    }
    this.alias = alias;
    this.key = (PrivateKey) found;
    this.chain = Arrays.copyOf(certificates, certificates.length, X509Certificate[].class);
  }

  @Override
  public String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
    return alias;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return chain.clone();
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return key;
  }

  @Override
  public String[] getClientAliases(String keyType, Principal[] issuers) {
    return new String[] {alias};
  }

  @Override
  public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
    return null;
  }

  @Override
  public String[] getServerAliases(String keyType, Principal[] issuers) {
    return null;
  }
}
