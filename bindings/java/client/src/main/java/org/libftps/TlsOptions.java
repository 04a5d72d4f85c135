package org.libftps;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;

/**
 * Options about certificates, keys and versions. {@link FtpsClient.Builder} has them as its own.
 *
 * @param <B> the builder
 */
abstract class TlsOptions<B> {
  final Wire.Writer options = new Wire.Writer();

  abstract B self();

  /**
   * Whether the platform's root certificates are trusted: those of the operating system, not the
   * JVM's.
   *
   * @param trusted default: true
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
   * Trusts the certificate entries of a key store besides. May be called repeatedly.
   *
   * @param store an initialised key store
   * @return this
   * @throws GeneralSecurityException the key store cannot be read
   */
  public B trustStore(KeyStore store) throws GeneralSecurityException {
    return extraRootsPem(Pem.trusted(store));
  }

  /**
   * Trusts besides what the JVM trusts by default: its {@code cacerts}, or what the system property
   * {@code javax.net.ssl.trustStore} names.
   *
   * @return this
   * @throws GeneralSecurityException that key store cannot be read
   */
  public B jvmRoots() throws GeneralSecurityException {
    return extraRootsPem(Pem.trustedByJvm());
  }

  /**
   * Accepts the certificate whose DER encoding has this SHA-256, in place of checking chain, name
   * and dates. May be called repeatedly: any of them.
   *
   * @param fingerprint 64 hexadecimal digits; colons and spaces are passed over
   * @return this
   */
  public B pinSha256(String fingerprint) {
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
    options.byteValue(24).bytes(chain).bytes(key);
    return self();
  }

  /**
   * The client's certificate and private key from a key store. The key must be exportable: one that
   * stays in a token or smart card is not.
   *
   * @param store an initialised key store
   * @param alias a key entry
   * @param password the key's password
   * @return this
   * @throws GeneralSecurityException the key cannot be read, for instance because of its password
   * @throws IllegalArgumentException there is no such key, or it is not exportable
   */
  public B clientIdentity(KeyStore store, String alias, char[] password)
      throws GeneralSecurityException {
    return clientIdentityPem(Pem.chain(store, alias), Pem.key(store, alias, password));
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
