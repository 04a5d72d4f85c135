package com.example.payments.conversion;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PaymentConverterTest {
  private static final String GERMAN = "DE89370400440532013000";
  private static final String DUTCH = "NL91ABNA0417164300";

  private final PaymentConverter converter = new PaymentConverter();

  private Conversion convert(String... rows) {
    String content = PaymentFile.HEADER + "\n" + String.join("\n", rows) + "\n";
    return converter.convert(content.getBytes(UTF_8));
  }

  private static String text(Conversion conversion) {
    return new String(conversion.report(), UTF_8);
  }

  @Test
  void convertsAmountsAndAddsThemUpByAccountAndCurrency() {
    Conversion conversion =
        convert(
            "A-1;" + DUTCH + ";19.90;EUR;2026-01-12",
            "A-2;" + GERMAN + ";7;EUR;2026-01-12",
            "A-3;" + DUTCH + ";0.1;EUR;2026-01-13",
            "A-4;" + DUTCH + ";5;USD;2026-01-13");

    assertThat(conversion.verdict()).isEqualTo(Verdict.CONVERTED);
    assertThat(conversion.summary()).isEqualTo("4 payments, 3 totals");
    assertThat(text(conversion))
        .isEqualTo(
            """
            type;account;currency;minor_units;reference;due;payments
            payment;NL91ABNA0417164300;EUR;1990;A-1;2026-01-12;
            payment;DE89370400440532013000;EUR;700;A-2;2026-01-12;
            payment;NL91ABNA0417164300;EUR;10;A-3;2026-01-13;
            payment;NL91ABNA0417164300;USD;500;A-4;2026-01-13;
            total;DE89370400440532013000;EUR;700;;;1
            total;NL91ABNA0417164300;EUR;2000;;;2
            total;NL91ABNA0417164300;USD;500;;;1
            """);
  }

  @ParameterizedTest
  @CsvSource({"12.34,EUR,1234", "1500,JPY,1500", "1.234,BHD,1234", "1.500,EUR,150"})
  void minorUnitsAreThoseOfTheCurrency(String amount, String currency, long units) {
    Conversion conversion =
        convert("A-1;" + GERMAN + ";" + amount + ";" + currency + ";2026-01-12");
    assertThat(text(conversion))
        .contains("payment;" + GERMAN + ";" + currency + ";" + units + ";A-1;");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          A-1;DE98370400440532013000;1;EUR;2026-01-12 | is no IBAN
          A-1;de89370400440532013000;1;EUR;2026-01-12 | is no IBAN
          A-1;DE89370400440532013000;0.005;EUR;2026-01-12 | more than the 2 decimals of EUR
          A-1;DE89370400440532013000;1.5;JPY;2026-01-12 | more than the 0 decimals of JPY
          A-1;DE89370400440532013000;-1;EUR;2026-01-12 | is no amount
          A-1;DE89370400440532013000;1e3;EUR;2026-01-12 | is no amount
          A-1;DE89370400440532013000;0.00;EUR;2026-01-12 | the amount is 0
          A-1;DE89370400440532013000;1;EUX;2026-01-12 | is no currency
          A-1;DE89370400440532013000;1;XAU;2026-01-12 | XAU is no currency of payments
          A-1;DE89370400440532013000;1;EUR;2026-02-30 | is no date
          A 1;DE89370400440532013000;1;EUR;2026-01-12 | is no reference
          A-1;DE89370400440532013000;1;EUR | 4 fields in place of 5
          """)
  void aWrongRowRejectsTheFileAndSaysWhy(String row, String reason) {
    Conversion conversion = convert(row);
    assertThat(conversion.verdict()).isEqualTo(Verdict.REJECTED);
    assertThat(text(conversion)).startsWith("line 2: ").contains(reason);
  }

  @Test
  void allFaultsOfAFileAreTold() {
    Conversion conversion = convert("wrong", "A-1;" + GERMAN + ";1;EUR;2026-01-12", "wrong too");
    assertThat(text(conversion).lines())
        .hasSize(2)
        .first()
        .isEqualTo("line 2: 1 fields in place of 5");
    assertThat(conversion.summary()).endsWith("(and 1 more)");
  }

  @Test
  void aReferenceIsThereOnce() {
    String row = "A-1;" + GERMAN + ";1;EUR;2026-01-12";
    assertThat(text(convert(row, row))).isEqualTo("line 3: reference A-1 is there twice\n");
  }

  @Test
  void aTotalThatIsTooBigRejectsTheFile() {
    String[] rows = new String[10];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = "A-" + i + ";" + GERMAN + ";999999999999999;BHD;2026-01-12";
    }
    assertThat(convert(Arrays.copyOf(rows, 9)).verdict()).isEqualTo(Verdict.CONVERTED);
    assertThat(text(convert(rows))).contains("overflow");
  }

  @Test
  void aFileWithoutPaymentsIsRejected() {
    assertThat(converter.convert(new byte[0]).verdict()).isEqualTo(Verdict.REJECTED);
    assertThat(converter.convert((PaymentFile.HEADER + "\n").getBytes(UTF_8)).verdict())
        .isEqualTo(Verdict.REJECTED);
  }

  @Test
  void whatIsNotUtf8IsRejected() {
    byte[] content = (PaymentFile.HEADER + "\nÄ").getBytes(StandardCharsets.ISO_8859_1);
    assertThat(text(converter.convert(content))).isEqualTo("the file is not UTF-8\n");
  }
}
