package com.example.payments.conversion;

import java.time.LocalDate;
import java.util.Currency;

/**
 * One row of a payment file.
 *
 * @param account an IBAN
 * @param minorUnits the amount: cents, for instance, or whole yen
 */
public record Payment(
    String reference, String account, Currency currency, long minorUnits, LocalDate due) {}
