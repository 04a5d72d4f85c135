package org.libftps;

/** A hash of files that servers compute; the strongest first. */
public enum HashAlgorithm {
  /** SHA-512. */
  SHA_512,
  /** SHA-256. */
  SHA_256,
  /** SHA-1: finds accidents, not attacks. */
  SHA_1,
  /** MD5: finds accidents, not attacks. */
  MD5,
  /** CRC-32: finds accidents, not attacks. */
  CRC_32
}
