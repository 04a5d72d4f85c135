package com.example.payments.conversion;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A payment file: UTF-8, a header line, then a payment in each line.
 *
 * @param payments at least one, in the order of the file
 */
public record PaymentFile(List<Payment> payments) {
  static final String HEADER = "reference;account;amount;currency;due";

  /** Reads all of it, so that a partner learns of all faults at once. */
  public static PaymentFile read(byte[] content) throws InvalidPaymentFileException {
    List<String> lines = text(content).lines().toList();
    if (lines.isEmpty() || !lines.get(0).equals(HEADER)) {
      throw new InvalidPaymentFileException(List.of("line 1: is not \"" + HEADER + "\""));
    }
    List<Payment> payments = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    Set<String> references = new HashSet<>();
    for (int number = 2; number <= lines.size(); number++) {
      try {
        Payment payment = PaymentRow.read(lines.get(number - 1));
        payments.add(payment);
        if (!references.add(payment.reference())) {
          faults.add("line " + number + ": reference " + payment.reference() + " is there twice");
        }
      } catch (IllegalArgumentException e) {
        faults.add("line " + number + ": " + e.getMessage());
      }
    }
    if (lines.size() == 1) {
      faults.add("line 1: no payments follow");
    }
    if (!faults.isEmpty()) {
      throw new InvalidPaymentFileException(faults);
    }
    return new PaymentFile(List.copyOf(payments));
  }

  private static String text(byte[] content) throws InvalidPaymentFileException {
    try {
      // Unlike new String(), this does not replace what it cannot decode.
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidPaymentFileException(List.of("the file is not UTF-8"));
    }
  }
}
