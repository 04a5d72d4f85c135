package com.example.payments.demo;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says what to do, in place of a stack trace. */
public class MissingServerFailureAnalyzer extends AbstractFailureAnalyzer<MissingServerException> {
  @Override
  protected FailureAnalysis analyze(Throwable failure, MissingServerException cause) {
    return new FailureAnalysis(
        cause.getMessage(),
        "Build it with `make java` in the root of the repository, or say where it is with"
            + " payments.demo.server. For a server of your own, use the profile \"cluster\".",
        cause);
  }
}
