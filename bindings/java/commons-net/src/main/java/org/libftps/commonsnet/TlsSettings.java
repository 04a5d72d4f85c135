package org.libftps.commonsnet;

import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.apache.commons.net.util.TrustManagerUtils;
import org.libftps.FtpsClient;
import org.libftps.TlsVersion;

/** JSSE's names for protocols, suites and trust, and what they mean to the native client. */
final class TlsSettings {
  private static final Set<String> SUITES_OF_TLS_1_3 =
      new HashSet<>(
          Arrays.asList(
              "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"));
  private static final Set<String> SUITES_OF_TLS_1_2 =
      new HashSet<>(
          Arrays.asList(
              "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
              "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
              "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
              "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
              "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
              "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"));

  private TlsSettings() {}

  /** The versions that an {@code SSLContext} of this protocol would offer. */
  static Set<TlsVersion> versionsOf(String protocol) {
    switch (protocol) {
      case "TLS":
      case "SSL":
      case "TLSv1.3":
        return new LinkedHashSet<>(Arrays.asList(TlsVersion.V1_2, TlsVersion.V1_3));
      case "TLSv1.2":
        return new LinkedHashSet<>(Arrays.asList(TlsVersion.V1_2));
      default:
        throw Refusals.of("protocol " + protocol, "the native client speaks TLSv1.2 and TLSv1.3");
    }
  }

  /** Those of {@code names} that the native client speaks. */
  static Set<TlsVersion> enabledVersions(String[] names) {
    Collection<String> given = Arrays.asList(names);
    Set<TlsVersion> versions = new LinkedHashSet<>();
    if (given.contains("TLSv1.2")) {
      versions.add(TlsVersion.V1_2);
    }
    if (given.contains("TLSv1.3")) {
      versions.add(TlsVersion.V1_3);
    }
    if (versions.isEmpty()) {
      throw Refusals.of("protocols " + given, "the native client speaks TLSv1.2 and TLSv1.3");
    }
    return versions;
  }

  /** The versions that {@code suites} belong to. */
  static Set<TlsVersion> versionsOfSuites(String[] suites) {
    Set<TlsVersion> versions = new LinkedHashSet<>();
    for (String suite : suites) {
      if (SUITES_OF_TLS_1_2.contains(suite)) {
        versions.add(TlsVersion.V1_2);
      } else if (SUITES_OF_TLS_1_3.contains(suite)) {
        versions.add(TlsVersion.V1_3);
      }
    }
    if (versions.isEmpty()) {
      throw Refusals.of(
          "cipher suites " + Arrays.asList(suites),
          "the native client has ECDHE with AES-GCM or ChaCha20 only");
    }
    return versions;
  }

  static void applyVersions(Set<TlsVersion> versions, FtpsClient.Builder builder) {
    if (versions.isEmpty()) {
      throw Refusals.of(
          "this combination of protocols and cipher suites", "no TLS version is left");
    }
    builder.tlsVersions(
        versions.contains(TlsVersion.V1_2) ? TlsVersion.V1_2 : TlsVersion.V1_3,
        versions.contains(TlsVersion.V1_3) ? TlsVersion.V1_3 : TlsVersion.V1_2);
  }

  /** Throws when the native client cannot do what this trust manager does. */
  static void checkTrust(TrustManager trustManager) {
    boolean acceptsAll = trustManager == TrustManagerUtils.getAcceptAllTrustManager();
    if (trustManager != null && !acceptsAll && !isOfTheJvm(trustManager)) {
      throw Refusals.of(
          "trust manager " + trustManager.getClass().getName(),
          "it judges by rules of its own; use setOptions with roots or a pin");
    }
  }

  /** None: what the native client trusts by itself. */
  static void applyTrust(TrustManager trustManager, FtpsClient.Builder builder) {
    if (trustManager == TrustManagerUtils.getAcceptAllTrustManager()) {
      builder.acceptAnyCertificate(true);
    } else if (trustManager != null) {
      builder.platformRoots(false);
      for (X509Certificate root : ((X509TrustManager) trustManager).getAcceptedIssuers()) {
        builder.extraRootsPem(pem(root));
      }
    }
  }

  /** Those judge by their roots alone. */
  private static boolean isOfTheJvm(TrustManager trustManager) {
    return trustManager instanceof X509TrustManager
        && trustManager.getClass().getName().startsWith("sun.security.ssl.");
  }

  private static byte[] pem(X509Certificate certificate) {
    try {
      String body = Base64.getMimeEncoder().encodeToString(certificate.getEncoded());
      String text = "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
      return text.getBytes(StandardCharsets.US_ASCII);
    } catch (CertificateEncodingException e) {
      throw new IllegalArgumentException("a trusted certificate cannot be encoded", e);
    }
  }
}
