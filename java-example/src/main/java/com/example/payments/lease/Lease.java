package com.example.payments.lease;

/**
 * A claim to a file.
 *
 * @param token grows with each owner of the file: an older token is a former owner's
 */
public record Lease(String file, long token) {
  public boolean isOlderThan(Lease other) {
    return file.equals(other.file) && token < other.token;
  }
}
