package com.example.payments.flow;

import com.example.payments.conversion.Verdict;
import com.example.payments.lease.Leases;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Counts files that this instance finished, and its attempts that failed. */
@Component
class FileMetrics {
  private final Map<Verdict, Counter> finished = new EnumMap<>(Verdict.class);
  private final Counter failures;

  FileMetrics(MeterRegistry registry, Leases leases) {
    for (Verdict verdict : Verdict.values()) {
      finished.put(
          verdict,
          Counter.builder("payments.files")
              .tag("verdict", verdict.name().toLowerCase(Locale.ROOT))
              .description("files that were finished")
              .register(registry));
    }
    failures =
        Counter.builder("payments.failures")
            .description("attempts that failed and will be repeated")
            .register(registry);
    Gauge.builder("payments.leases", leases, Leases::held)
        .description("files that this instance works on")
        .register(registry);
  }

  @EventListener
  public void count(FileProgress progress) {
    if (progress.step() == Step.FINISHED) {
      finished.get(progress.verdict()).increment();
    }
  }

  @EventListener
  public void count(FileFailure failure) {
    failures.increment();
  }
}
