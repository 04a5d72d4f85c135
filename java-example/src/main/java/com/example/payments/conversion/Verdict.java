package com.example.payments.conversion;

/** What becomes of a file. */
public enum Verdict {
  CONVERTED,
  REJECTED
}
