package com.example.payments.conversion;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Currency;
import java.util.regex.Pattern;

/** Reads and checks one row. */
final class PaymentRow {
  private static final int FIELDS = 5;
  private static final Pattern REFERENCE = Pattern.compile("[A-Za-z0-9/+-]{1,35}");
  private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,15}(\\.[0-9]+)?");

  private PaymentRow() {}

  /**
   * @throws IllegalArgumentException with what is wrong
   */
  static Payment read(String line) {
    String[] fields = line.split(";", -1);
    require(fields.length == FIELDS, "%d fields in place of %d".formatted(fields.length, FIELDS));
    Currency currency = currency(fields[3]);
    return new Payment(
        reference(fields[0]),
        account(fields[1]),
        currency,
        minorUnits(fields[2], currency),
        due(fields[4]));
  }

  private static String reference(String text) {
    require(REFERENCE.matcher(text).matches(), "\"" + text + "\" is no reference");
    return text;
  }

  private static String account(String text) {
    require(Iban.isValid(text), "\"" + text + "\" is no IBAN: its check digits do not fit");
    return text;
  }

  private static Currency currency(String text) {
    Currency currency;
    try {
      currency = Currency.getInstance(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("\"" + text + "\" is no currency (ISO 4217)", e);
    }
    require(currency.getDefaultFractionDigits() >= 0, text + " is no currency of payments");
    return currency;
  }

  private static long minorUnits(String text, Currency currency) {
    require(AMOUNT.matcher(text).matches(), "\"" + text + "\" is no amount, such as 1234.50");
    int digits = currency.getDefaultFractionDigits();
    BigDecimal units = new BigDecimal(text).movePointRight(digits);
    require(units.signum() > 0, "the amount is 0");
    require(
        units.stripTrailingZeros().scale() <= 0,
        "%s has more than the %d decimals of %s".formatted(text, digits, currency));
    return units.longValueExact();
  }

  private static LocalDate due(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("\"" + text + "\" is no date, such as 2026-01-31", e);
    }
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
