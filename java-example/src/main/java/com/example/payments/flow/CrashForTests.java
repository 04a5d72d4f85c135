package com.example.payments.flow;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Lets a test end this instance right after a step, with no chance to tidy up. */
@Component
@ConditionalOnProperty("payments.crash-after")
class CrashForTests {
  static final int EXIT_CODE = 137;

  private final Step last;

  CrashForTests(@Value("${payments.crash-after}") Step last) {
    this.last = last;
  }

  @EventListener
  public void crash(FileProgress progress) {
    if (progress.step() == last) {
      Runtime.getRuntime().halt(EXIT_CODE);
    }
  }
}
