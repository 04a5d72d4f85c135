package org.libftps;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.List;

/** The schemes of RFC 8446 section 4.2.3 in the words of {@link Signature}; the best first. */
enum SignatureScheme {
  ECDSA_SECP256R1_SHA256(0x0403, "EC", "secp256r1", "SHA256withECDSA"),
  ECDSA_SECP384R1_SHA384(0x0503, "EC", "secp384r1", "SHA384withECDSA"),
  ECDSA_SECP521R1_SHA512(0x0603, "EC", "secp521r1", "SHA512withECDSA"),
  ED25519(0x0807, "EdDSA", null, "Ed25519"),
  RSA_PSS_RSAE_SHA256(0x0804, "RSA", pss("SHA-256", MGF1ParameterSpec.SHA256, 32)),
  RSA_PSS_RSAE_SHA384(0x0805, "RSA", pss("SHA-384", MGF1ParameterSpec.SHA384, 48)),
  RSA_PSS_RSAE_SHA512(0x0806, "RSA", pss("SHA-512", MGF1ParameterSpec.SHA512, 64)),
  RSA_PKCS1_SHA256(0x0401, "RSA", null, "SHA256withRSA"),
  RSA_PKCS1_SHA384(0x0501, "RSA", null, "SHA384withRSA"),
  RSA_PKCS1_SHA512(0x0601, "RSA", null, "SHA512withRSA");

  final int number;
  final String keyType;

  /** Its name; null where there is none. */
  private final String curve;

  private final String algorithm;
  private final AlgorithmParameterSpec parameters;

  SignatureScheme(int number, String keyType, String curve, String algorithm) {
    this.number = number;
    this.keyType = keyType;
    this.curve = curve;
    this.algorithm = algorithm;
    this.parameters = null;
  }

  SignatureScheme(int number, String keyType, AlgorithmParameterSpec parameters) {
    this.number = number;
    this.keyType = keyType;
    this.curve = null;
    this.algorithm = "RSASSA-PSS";
    this.parameters = parameters;
  }

  private static AlgorithmParameterSpec pss(String hash, MGF1ParameterSpec mask, int saltLength) {
    return new PSSParameterSpec(hash, "MGF1", mask, saltLength, 1);
  }

  /** Those of {@code numbers} that are here, in the order of this enum. */
  static List<SignatureScheme> of(int[] numbers) {
    List<SignatureScheme> schemes = new ArrayList<>();
    for (SignatureScheme scheme : values()) {
      for (int number : numbers) {
        if (scheme.number == number) {
          schemes.add(scheme);
        }
      }
    }
    return schemes;
  }

  static SignatureScheme of(int number) {
    return of(new int[] {number}).get(0);
  }

  /** By the kind of key, and its curve. */
  boolean fits(PublicKey key) {
    switch (keyType) {
      case "EC":
        return key instanceof ECPublicKey && isOnCurve((ECPublicKey) key);
      case "EdDSA":
        // Providers differ in the name.
        return key.getAlgorithm().equals(keyType) || key.getAlgorithm().equals(algorithm);
      default:
        return key.getAlgorithm().equals(keyType);
    }
  }

  private boolean isOnCurve(ECPublicKey key) {
    try {
      AlgorithmParameters named = AlgorithmParameters.getInstance("EC");
      named.init(new ECGenParameterSpec(curve));
      BigInteger order = named.getParameterSpec(ECParameterSpec.class).getOrder();
      return key.getParams().getOrder().equals(order);
    } catch (GeneralSecurityException e) {
      // This JVM does not know the curve.
      return false;
    }
  }

  /** Whether some provider of this JVM can sign so with this key. */
  boolean works(PrivateKey key) {
    try {
      begin(key);
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  byte[] sign(PrivateKey key, byte[] message) throws GeneralSecurityException {
    Signature signature = begin(key);
    signature.update(message);
    return signature.sign();
  }

  private Signature begin(PrivateKey key) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    if (parameters != null) {
      signature.setParameter(parameters);
    }
    return signature;
  }
}
