package org.libftps;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;

/**
 * Options about certificates, keys and versions. {@link FtpsClient.Builder} has them as its own.
 *
 * @param <B> the builder
 */
abstract class TlsOptions<B> {
  final Wire.Writer options = new Wire.Writer();
  X509TrustManager trustManager;
  X509KeyManager keyManager;
  private boolean jvmRoots = true;
  private boolean pinned;
  private boolean acceptsAny;

  abstract B self();

  /** The options, with what is found out only when a connection is made. */
  byte[] finished() throws FtpsException {
    Wire.Writer all = new Wire.Writer(options);
    if (trustManager != null) {
      all.byteValue(31);
    } else if (jvmRoots && !pinned && !acceptsAny) {
      byte[] roots = Pem.trustedByJvm();
      if (roots.length > 0) {
        all.byteValue(21).bytes(roots);
      }
    }
    if (keyManager != null) {
      all.byteValue(32);
    }
    return all.finish();
  }

  /**
   * Whether root certificates are trusted that the JVM trusts by default: those of its {@code
   * cacerts}, or of what the system properties {@code javax.net.ssl.trustStore...} name. They are
   * read when {@code connect} is called.
   *
   * @param trusted default: true; false once {@link #trustStore} is called
   * @return this
   */
  public B jvmRoots(boolean trusted) {
    jvmRoots = trusted;
    return self();
  }

  /**
   * Whether root certificates of the operating system are trusted besides.
   *
   * @param trusted default: false
   * @return this
   */
  public B platformRoots(boolean trusted) {
    options.byteValue(20).flag(trusted);
    return self();
  }

  /**
   * Trusts these certificates besides. A server certificate that is itself among them is trusted
   * too; its name and dates are still checked. May be called repeatedly.
   *
   * @param pem certificates in PEM
   * @return this
   */
  public B extraRootsPem(byte[] pem) {
    options.byteValue(21).bytes(pem);
    return self();
  }

  /**
   * Trusts the certificate entries of a key store, in place of {@link #jvmRoots what the JVM
   * trusts} (which may be switched on again) and as {@link #extraRootsPem} does. May be called
   * repeatedly.
   *
   * @param store an initialised key store
   * @return this
   * @throws GeneralSecurityException the key store cannot be read
   * @throws IllegalArgumentException it has no certificate entries
   */
  public B trustStore(KeyStore store) throws GeneralSecurityException {
    jvmRoots = false;
    return extraRootsPem(Pem.trusted(store));
  }

  /**
   * Has a trust manager decide on the server's certificates, in place of all roots, dates and
   * revocation lists. The server's name is checked besides: see {@link #checkServerName}.
   *
   * <p>It is asked in the midst of a TLS handshake, by {@code checkServerTrusted}: on the control
   * connection, and on every data connection that is not resumed (one that is resumed has the
   * control connection's certificate). It gets the chain as the server sent it, and {@code
   * ECDHE_RSA} or {@code ECDHE_ECDSA}, after the key of the server's certificate, also with TLS
   * 1.3. An {@link javax.net.ssl.X509ExtendedTrustManager} is called with a null socket.
   *
   * <p>A {@link java.security.cert.CertificateException} refuses the server: the call fails with an
   * {@link FtpsException} of kind {@code certificate}, whose cause it is. Anything else that it
   * throws reaches the caller unchanged. It runs on the thread that makes the call (for a virtual
   * thread, and while a {@link MirrorPlan} is executed, on a platform thread of libftps), must not
   * use this client, and the time that it takes counts for {@link
   * ConnectionOptions#connectTimeout}.
   *
   * @param manager null for none
   * @return this
   */
  public B trustManager(X509TrustManager manager) {
    trustManager = manager;
    return self();
  }

  /**
   * <b>False is insecure:</b> it accepts a trusted certificate whatever name it was issued for, and
   * so everybody who has a certificate of a trusted authority can stand in for the server. Trust
   * managers do not check names for this client.
   *
   * @param check default: true; the name is checked on the control connection and on data
   *     connections
   * @return this
   */
  public B checkServerName(boolean check) {
    options.byteValue(30).flag(!check);
    return self();
  }

  /**
   * Accepts the certificate whose DER encoding has this SHA-256, in place of checking chain, name
   * and dates, and of asking a trust manager. May be called repeatedly: any of them.
   *
   * @param fingerprint 64 hexadecimal digits; colons and spaces are passed over
   * @return this
   */
  public B pinSha256(String fingerprint) {
    pinned = true;
    options.byteValue(22).text(fingerprint);
    return self();
  }

  /**
   * Offers these cipher suites alone, the preferred one first. Suites of one TLS version leave only
   * that version. {@code connect} fails with kind {@code invalid-argument} on a name that the
   * native client does not know, and names those it knows: CBC suites are not among them.
   *
   * @param names IANA's names, for instance {@code TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}; default:
   *     all that there are
   * @return this
   */
  public B cipherSuites(String... names) {
    options.byteValue(29).text(String.join(",", names));
    return self();
  }

  /**
   * <b>Insecure.</b> Accepts any certificate: whoever sits in between can read the password and the
   * files.
   *
   * @param accept default: false
   * @return this
   */
  public B acceptAnyCertificate(boolean accept) {
    acceptsAny = accept;
    options.byteValue(23).flag(accept);
    return self();
  }

  /**
   * The client's certificate and private key.
   *
   * @param chain certificates in PEM, the client's first
   * @param key PKCS#8, PKCS#1 or SEC1 in PEM, not encrypted
   * @return this
   */
  public B clientIdentityPem(byte[] chain, byte[] key) {
    keyManager = null;
    options.byteValue(24).bytes(chain).bytes(key);
    return self();
  }

  /**
   * The client's certificate and private key from a key store, as {@link #keyManager} would choose
   * them: also a key that stays in a token or smart card.
   *
   * @param store an initialised key store
   * @param alias a key entry
   * @param password the key's password
   * @return this
   * @throws GeneralSecurityException the key cannot be read, for instance because of its password
   * @throws IllegalArgumentException there is no such private key with a certificate
   */
  public B clientIdentity(KeyStore store, String alias, char[] password)
      throws GeneralSecurityException {
    return keyManager(new SingleKeyManager(store, alias, password));
  }

  /**
   * Has a key manager choose the client's certificate and private key when a server asks for one,
   * in place of {@link #clientIdentityPem}: {@code chooseClientAlias} gets the kinds of keys that
   * the server takes ({@code EC}, {@code EdDSA}, {@code RSA}), the names of the authorities whose
   * certificates it takes, or null where it does not say, and a null socket. Where it chooses none,
   * the handshake goes on without.
   *
   * <p>A key in the format {@code PKCS#8} is handed over. One that cannot be taken out signs
   * through {@link java.security.Signature}: ECDSA, Ed25519, RSA-PSS, and with TLS 1.2 RSA with
   * PKCS #1, as far as the JVM's providers can; a token that cannot do RSA-PSS needs TLS 1.2 (see
   * {@link #tlsVersions}).
   *
   * <p>Where a signature fails, the call fails with kind {@code local} and that as its cause. What
   * the manager itself throws reaches the caller unchanged. Threads and time are as with {@link
   * #trustManager}.
   *
   * @param manager null for none
   * @return this
   */
  public B keyManager(X509KeyManager manager) {
    keyManager = manager;
    return self();
  }

  /**
   * The lowest and the highest version to negotiate.
   *
   * @param min default: TLS 1.2
   * @param max default: TLS 1.3
   * @return this
   */
  public B tlsVersions(TlsVersion min, TlsVersion max) {
    options.byteValue(25).byteValue(min.ordinal()).byteValue(max.ordinal());
    return self();
  }

  /**
   * The name to send and to check in the server's certificate.
   *
   * @param name default: the host
   * @return this
   */
  public B tlsServerName(String name) {
    options.byteValue(26).text(name);
    return self();
  }

  /**
   * Appends the TLS secrets of all connections to a file, in the format of {@code SSLKEYLOGFILE}.
   * Whoever has the file can read the traffic.
   *
   * @param file default: none
   * @return this
   * @throws IllegalArgumentException the file is not in the default file system
   */
  public B keyLog(Path file) {
    try {
      options.byteValue(27).bytes(LocalFiles.bytes(file));
    } catch (FtpsException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    return self();
  }

  /**
   * Certificate revocation lists. Nothing is fetched: neither CRL nor OCSP. May be called
   * repeatedly.
   *
   * @param pem lists in PEM
   * @return this
   */
  public B revocationListsPem(byte[] pem) {
    options.byteValue(28).bytes(pem);
    return self();
  }
}
