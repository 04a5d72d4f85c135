package com.example.payments.lease;

/** The lease ran out, and another instance has the file now. */
public class LeaseLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LeaseLostException(Lease lease) {
    super("another instance has taken over " + lease.file());
  }
}
