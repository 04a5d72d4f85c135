package com.example.payments.conversion;

import java.math.BigInteger;
import java.util.regex.Pattern;

/** International bank account numbers, ISO 13616. */
final class Iban {
  private static final Pattern FORM = Pattern.compile("[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}");
  private static final BigInteger MODULUS = BigInteger.valueOf(97);

  private Iban() {}

  /** Whether the check digits are right: they find every wrong digit and every two exchanged. */
  static boolean isValid(String account) {
    if (!FORM.matcher(account).matches()) {
      return false;
    }
    StringBuilder digits = new StringBuilder();
    (account.substring(4) + account.substring(0, 4))
        .chars()
        .forEach(character -> digits.append(Character.getNumericValue(character)));
    return new BigInteger(digits.toString()).mod(MODULUS).intValue() == 1;
  }
}
