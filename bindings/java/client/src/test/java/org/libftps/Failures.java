package org.libftps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.function.Executable;

/** Assertions about failures. */
final class Failures {
  private Failures() {}

  static FtpsException assertFails(String kind, Executable call) {
    FtpsException failure = assertThrows(FtpsException.class, call);
    assertEquals(kind, failure.kind(), failure::getMessage);
    return failure;
  }
}
