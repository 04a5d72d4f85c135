package org.libftps;

/** Throws checked exceptions through methods that do not declare them. */
final class Unchanged {
  private Unchanged() {}

  /**
   * Throws {@code thrown} as it is.
   *
   * @return never; for {@code throw}, so that the compiler knows that it goes on no further
   */
  static RuntimeException thrown(Throwable thrown) {
    return Unchanged.<RuntimeException>cast(thrown);
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> RuntimeException cast(Throwable thrown) throws E {
    throw (E) thrown;
  }
}
