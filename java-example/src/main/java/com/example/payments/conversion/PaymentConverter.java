package com.example.payments.conversion;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.SortedMap;
import org.springframework.stereotype.Component;

/**
 * Converts amounts to minor units and adds a total for each account. The same content always gives
 * the same bytes: that makes it harmless to convert a file again after a crash.
 */
@Component
public class PaymentConverter {
  static final String HEADER = "type;account;currency;minor_units;reference;due;payments";

  public Conversion convert(byte[] content) {
    try {
      return converted(PaymentFile.read(content));
    } catch (InvalidPaymentFileException e) {
      return rejected(e.getMessage());
    } catch (RuntimeException e) {
      // What fails once always fails: trying again and again would keep the file from its owner.
      return rejected("the file cannot be converted: " + e);
    }
  }

  private static Conversion converted(PaymentFile file) {
    SortedMap<Totals.Key, Totals.Total> totals = Totals.of(file.payments());
    StringBuilder result = new StringBuilder(HEADER).append('\n');
    for (Payment payment : file.payments()) {
      result.append(
          "payment;%s;%s;%d;%s;%s;\n"
              .formatted(
                  payment.account(),
                  payment.currency(),
                  payment.minorUnits(),
                  payment.reference(),
                  payment.due()));
    }
    totals.forEach(
        (key, total) ->
            result.append(
                "total;%s;%s;%d;;;%d\n"
                    .formatted(
                        key.account(), key.currency(), total.minorUnits(), total.payments())));
    String summary = "%d payments, %d totals".formatted(file.payments().size(), totals.size());
    return new Conversion(Verdict.CONVERTED, summary, result.toString().getBytes(UTF_8));
  }

  private static Conversion rejected(String reasons) {
    String first = reasons.lines().findFirst().orElse("");
    long others = reasons.lines().count() - 1;
    String summary = others == 0 ? first : "%s (and %d more)".formatted(first, others);
    return new Conversion(Verdict.REJECTED, summary, (reasons + "\n").getBytes(UTF_8));
  }
}
