package com.example.payments.demo;

import java.nio.file.Path;

/** The strict server is not built. */
public class MissingServerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MissingServerException(Path program) {
    super("There is no strict server at " + program.toAbsolutePath().normalize());
  }
}
