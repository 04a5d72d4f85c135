package com.example.payments.conversion;

import java.util.List;

/** A payment file is not as agreed. The message has a line for each thing that is wrong with it. */
public class InvalidPaymentFileException extends Exception {
  private static final long serialVersionUID = 1L;

  public InvalidPaymentFileException(List<String> faults) {
    super(String.join("\n", faults));
  }
}
