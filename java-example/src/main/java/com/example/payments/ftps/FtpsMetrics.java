package com.example.payments.ftps;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;
import org.libftps.spring.NativeFtpsSessionFactory;
import org.springframework.stereotype.Component;

/**
 * How data connections fared. A full handshake tells of a server, or of something in between, that
 * does not let data connections resume the session of the control connection.
 */
@Component
public class FtpsMetrics implements MeterBinder {
  private final NativeFtpsSessionFactory sessions;

  public FtpsMetrics(NativeFtpsSessionFactory sessions) {
    this.sessions = sessions;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    count(registry, "resumed", factory -> factory.getStatistics().resumed());
    count(registry, "full", factory -> factory.getStatistics().full());
  }

  private void count(
      MeterRegistry registry, String handshake, ToDoubleFunction<NativeFtpsSessionFactory> number) {
    FunctionCounter.builder("ftps.data.connections", sessions, number)
        .tag("handshake", handshake)
        .description("data connections by their TLS handshake")
        .register(registry);
  }
}
