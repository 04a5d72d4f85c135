package org.libftps;

import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.X509KeyManager;
import javax.security.auth.x500.X500Principal;

/** Has a key manager choose the client's certificate, and its key sign where it cannot be taken. */
final class ClientIdentity {
  private final X509KeyManager manager;

  /** Of the certificate that was chosen last; its signature comes next. */
  private PrivateKey key;

  ClientIdentity(X509KeyManager manager) {
    this.manager = manager;
  }

  /**
   * The certificate for a server that takes these authorities' and these signature schemes.
   *
   * @return chain and key for the native library; null for none
   */
  byte[] choose(List<byte[]> authorities, int[] schemeNumbers) throws FtpsException {
    List<SignatureScheme> schemes = SignatureScheme.of(schemeNumbers);
    String alias = manager.chooseClientAlias(keyTypes(schemes), principals(authorities), null);
    X509Certificate[] chain = alias == null ? null : manager.getCertificateChain(alias);
    key = alias == null ? null : manager.getPrivateKey(alias);
    if (chain == null || chain.length == 0 || key == null) {
      return null;
    }
    try {
      return encode(chain, schemes);
    } catch (CertificateEncodingException e) {
      throw failure("the client's certificate cannot be encoded: ", e);
    }
  }

  byte[] sign(int schemeNumber, byte[] message) throws FtpsException {
    try {
      return SignatureScheme.of(schemeNumber).sign(key, message);
    } catch (GeneralSecurityException e) {
      throw failure("the client's private key did not sign: ", e);
    }
  }

  private byte[] encode(X509Certificate[] chain, List<SignatureScheme> schemes)
      throws CertificateEncodingException {
    Wire.Writer writer = new Wire.Writer();
    writer.intValue(chain.length);
    for (X509Certificate certificate : chain) {
      writer.bytes(certificate.getEncoded());
    }
    byte[] exported = "PKCS#8".equals(key.getFormat()) ? key.getEncoded() : null;
    if (exported != null) {
      return writer.flag(true).bytes(exported).finish();
    }
    List<SignatureScheme> usable = new ArrayList<>();
    for (SignatureScheme scheme : schemes) {
      if (scheme.fits(chain[0].getPublicKey()) && scheme.works(key)) {
        usable.add(scheme);
      }
    }
    writer.flag(false).intValue(usable.size());
    usable.forEach(scheme -> writer.intValue(scheme.number));
    return writer.finish();
  }

  private static String[] keyTypes(List<SignatureScheme> schemes) {
    Set<String> types = new LinkedHashSet<>();
    schemes.forEach(scheme -> types.add(scheme.keyType));
    return types.toArray(new String[0]);
  }

  /** JSSE's word for a server that does not mind is null. */
  private static Principal[] principals(List<byte[]> authorities) {
    if (authorities.isEmpty()) {
      return null;
    }
    return authorities.stream().map(X500Principal::new).toArray(Principal[]::new);
  }

  private static FtpsException failure(String what, GeneralSecurityException cause) {
    return new FtpsException("local", what + cause.getMessage(), cause);
  }
}
