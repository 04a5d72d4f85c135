package org.libftps;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "UTF-8",
        "US-ASCII",
        "ISO-8859-1",
        "windows-1252",
        "IBM866",
        "Shift_JIS",
        "windows-31j",
        "EUC-JP",
        "GBK",
        "GB18030",
        "Big5",
        "EUC-KR"
      })
  void anyBytesComeBackAsTheyWere(String charset) throws Exception {
    Names names = new Names(Charset.forName(charset));
    Random random = new Random(1);
    for (int i = 0; i < 20000; i++) {
      byte[] bytes = new byte[random.nextInt(8)];
      random.nextBytes(bytes);
      assertArrayEquals(bytes, names.encode(names.decode(bytes)), charset);
    }
  }

  @Test
  void whatIsValidIsOrdinaryText() throws Exception {
    Names names = new Names(StandardCharsets.UTF_8);
    String text = "größe 文 \ud83d\ude00";
    assertEquals(text, names.decode(text.getBytes(StandardCharsets.UTF_8)));
    assertArrayEquals(text.getBytes(StandardCharsets.UTF_8), names.encode(text));
    assertEquals(
        "caf\udce9 ü",
        names.decode("café ü".replace("ü", "Ã¼").getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Test
  void whatTheSetDoesNotHaveIsRefused() {
    Names names = new Names(StandardCharsets.ISO_8859_1);
    assertThrows(CharacterCodingException.class, () -> names.encode("文"));
    assertThrows(CharacterCodingException.class, () -> names.encode("\udc41"));
    assertThrows(CharacterCodingException.class, () -> names.encode("\ud83d"));
  }
}
