package org.libftps.commonsnet;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import org.libftps.FtpsClient;
import org.libftps.TlsVersion;

/** JSSE's names for protocols and suites, and what they mean to the native client. */
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

  /** Those of {@code suites} that the native client has; null for all. */
  static void applySuites(String[] suites, FtpsClient.Builder builder) {
    if (suites != null) {
      builder.cipherSuites(
          Arrays.stream(suites)
              .filter(
                  suite -> SUITES_OF_TLS_1_2.contains(suite) || SUITES_OF_TLS_1_3.contains(suite))
              .toArray(String[]::new));
    }
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
}
