package org.libftps.testing;

import java.io.InputStream;
import java.io.OutputStream;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.InvalidParameterException;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreSpi;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.AlgorithmParameterSpec;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.Enumeration;
import java.util.List;

/**
 * A token like those behind PKCS #11: it has keys that cannot be taken out, and signs with them.
 */
public final class TokenProvider extends Provider {
  private static final long serialVersionUID = 1;

  private final transient List<String> signatures = Collections.synchronizedList(new ArrayList<>());
  private transient volatile Exception failure;

  /** An empty token. */
  public TokenProvider() {
    super("token", "1", "a token");
    for (String algorithm :
        List.of("SHA256withECDSA", "SHA256withRSA", "SHA384withRSA", "RSASSA-PSS", "Ed25519")) {
      putService(new SignatureService(algorithm));
    }
  }

  /**
   * Takes a key that nobody will see any more.
   *
   * @param key the key
   * @return what stands for it
   */
  public PrivateKey hold(PrivateKey key) {
    return new TokenKey(key);
  }

  /**
   * The algorithms by which signatures were made.
   *
   * @return one for each
   */
  public List<String> signatures() {
    return signatures;
  }

  /**
   * An algorithm that this token has not got.
   *
   * @param algorithm its name
   */
  public void forget(String algorithm) {
    removeService(getService("Signature", algorithm));
  }

  /**
   * What every signature throws from now on.
   *
   * @param failure a {@link SignatureException}, or one that is not checked
   */
  public void fail(Exception failure) {
    this.failure = failure;
  }

  /**
   * A key store such as tokens have: a key is there, and has no bytes.
   *
   * @param alias the key's name
   * @param key what {@link #hold} gave
   * @param chain the key's certificates
   * @return the key store
   * @throws Exception never
   */
  public static KeyStore store(String alias, PrivateKey key, X509Certificate[] chain)
      throws Exception {
    KeyStore store = new KeyStore(new TokenStore(alias, key, chain), null, "token") {};
    store.load(null, null);
    return store;
  }

  private static final class TokenKey implements PrivateKey {
    private static final long serialVersionUID = 1;

    private final transient PrivateKey secret;

    TokenKey(PrivateKey secret) {
      this.secret = secret;
    }

    @Override
    public String getAlgorithm() {
      return secret.getAlgorithm();
    }

    @Override
    public String getFormat() {
      return null;
    }

    @Override
    public byte[] getEncoded() {
      return null;
    }
  }

  private final class SignatureService extends Service {
    SignatureService(String algorithm) {
      super(TokenProvider.this, "Signature", algorithm, TokenSignature.class.getName(), null, null);
    }

    @Override
    public Object newInstance(Object parameter) throws NoSuchAlgorithmException {
      return new TokenSignature(getAlgorithm());
    }

    @Override
    public boolean supportsParameter(Object key) {
      return key instanceof TokenKey;
    }
  }

  private final class TokenSignature extends SignatureSpi {
    private final Signature inside;

    TokenSignature(String algorithm) throws NoSuchAlgorithmException {
      String provider = algorithm.contains("RSA") ? "SunRsaSign" : "SunEC";
      if (algorithm.endsWith("ECDSA")) {
        provider = "SunEC";
      }
      try {
        inside = Signature.getInstance(algorithm, provider);
      } catch (java.security.NoSuchProviderException e) {
        throw new NoSuchAlgorithmException(e);
      }
    }

    @Override
    protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
      if (!(key instanceof TokenKey)) {
        throw new InvalidKeyException("this is not a key of the token");
      }
      inside.initSign(((TokenKey) key).secret);
    }

    @Override
    protected void engineSetParameter(AlgorithmParameterSpec parameters)
        throws InvalidAlgorithmParameterException {
      inside.setParameter(parameters);
    }

    @Override
    protected void engineUpdate(byte b) throws SignatureException {
      inside.update(b);
    }

    @Override
    protected void engineUpdate(byte[] bytes, int offset, int length) throws SignatureException {
      inside.update(bytes, offset, length);
    }

    @Override
    protected byte[] engineSign() throws SignatureException {
      if (failure instanceof SignatureException) {
        throw (SignatureException) failure;
      }
      if (failure != null) {
        throw (RuntimeException) failure;
      }
      signatures.add(inside.getAlgorithm());
      return inside.sign();
    }

    @Override
    protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
      throw new InvalidKeyException("the token does not verify");
    }

    @Override
    protected boolean engineVerify(byte[] signature) {
      return false;
    }

    @Override
    @Deprecated
    protected void engineSetParameter(String name, Object value) {
      throw new InvalidParameterException(name);
    }

    @Override
    @Deprecated
    protected Object engineGetParameter(String name) {
      throw new InvalidParameterException(name);
    }
  }

  private static final class TokenStore extends KeyStoreSpi {
    private final String alias;
    private final PrivateKey key;
    private final X509Certificate[] chain;

    TokenStore(String alias, PrivateKey key, X509Certificate[] chain) {
      this.alias = alias;
      this.key = key;
      this.chain = chain;
    }

    @Override
    public Key engineGetKey(String name, char[] password) {
      return name.equals(alias) ? key : null;
    }

    @Override
    public Certificate[] engineGetCertificateChain(String name) {
      return name.equals(alias) ? chain : null;
    }

    @Override
    public Certificate engineGetCertificate(String name) {
      return name.equals(alias) ? chain[0] : null;
    }

    @Override
    public Date engineGetCreationDate(String name) {
      return null;
    }

    @Override
    public void engineSetKeyEntry(String name, Key key, char[] password, Certificate[] chain) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void engineSetKeyEntry(String name, byte[] key, Certificate[] chain) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void engineSetCertificateEntry(String name, Certificate certificate) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void engineDeleteEntry(String name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Enumeration<String> engineAliases() {
      return Collections.enumeration(List.of(alias));
    }

    @Override
    public boolean engineContainsAlias(String name) {
      return name.equals(alias);
    }

    @Override
    public int engineSize() {
      return 1;
    }

    @Override
    public boolean engineIsKeyEntry(String name) {
      return name.equals(alias);
    }

    @Override
    public boolean engineIsCertificateEntry(String name) {
      return false;
    }

    @Override
    public String engineGetCertificateAlias(Certificate certificate) {
      return null;
    }

    @Override
    public void engineStore(OutputStream out, char[] password) {}

    @Override
    public void engineLoad(InputStream in, char[] password) {}
  }
}
