package com.example.payments.conversion;

import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What each account is paid in all, by currency. */
final class Totals {
  record Key(String account, String currency) {}

  record Total(long minorUnits, int payments) {
    Total plus(Total other) {
      return new Total(Math.addExact(minorUnits, other.minorUnits), payments + other.payments);
    }
  }

  private Totals() {}

  /** Sorted, so that the same file always gives the same result. */
  static SortedMap<Key, Total> of(List<Payment> payments) {
    SortedMap<Key, Total> totals =
        new TreeMap<>(Comparator.comparing(Key::account).thenComparing(Key::currency));
    for (Payment payment : payments) {
      Key key = new Key(payment.account(), payment.currency().getCurrencyCode());
      totals.merge(key, new Total(payment.minorUnits(), 1), Total::plus);
    }
    return totals;
  }
}
