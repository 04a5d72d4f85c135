package com.example.payments.flow;

import com.example.payments.PaymentProperties;
import com.example.payments.lease.Lease;
import com.example.payments.lease.LeaseConfiguration;
import org.aopalliance.aop.Advice;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.dsl.PollerSpec;
import org.springframework.integration.dsl.Pollers;
import org.springframework.integration.handler.advice.ExpressionEvaluatingRequestHandlerAdvice;
import org.springframework.messaging.Message;

/** From the inbox to the archive. */
@Configuration
class PaymentFlow {
  static final String LEASE = "lease";
  private static final String FAILURES = "failedAttempts";
  private static final int UNTIL_NONE_IS_LEFT = -1;

  private final PaymentProperties properties;

  PaymentFlow(PaymentProperties properties) {
    this.properties = properties;
  }

  /** Every instance takes part in this. */
  @Bean
  IntegrationFlow processingFlow(WorkQueue queue, Processing processing) {
    return IntegrationFlow.fromSupplier(
            queue::next, source -> source.poller(poller().maxMessagesPerPoll(UNTIL_NONE_IS_LEFT)))
        .enrichHeaders(headers -> headers.headerFunction(LEASE, Message::getPayload))
        .filter(
            Lease.class,
            processing::isInWork,
            filter ->
                filter.discardFlow(
                    moved ->
                        moved.handle(
                            message -> processing.finishMoved((Lease) message.getPayload()))))
        .transform(Lease.class, processing::convert)
        .transform(ConvertedFile.class, processing::publish)
        .transform(ConvertedFile.class, processing::archive)
        .handle(message -> processing.finish((ConvertedFile) message.getPayload()))
        .get();
  }

  /** One instance is enough for this; two would get in each other's way. */
  @Bean
  IntegrationFlow intakeFlow(Intake intake, Advice eachByItself) {
    return IntegrationFlow.fromSupplier(
            intake::arrived,
            source ->
                source.poller(poller()).role(LeaseConfiguration.HOUSEKEEPER).autoStartup(false))
        .split()
        .handle(
            message -> intake.takeIn((String) message.getPayload()),
            handler -> handler.advice(eachByItself))
        .get();
  }

  @Bean
  IntegrationFlow sweepingFlow(Sweeper sweeper, Advice eachByItself) {
    return IntegrationFlow.fromSupplier(
            sweeper::orphans,
            source ->
                source
                    .poller(Pollers.fixedDelay(properties.lease()).errorChannel(FAILURES))
                    .role(LeaseConfiguration.HOUSEKEEPER)
                    .autoStartup(false))
        .split()
        .handle(
            message -> sweeper.remove((String) message.getPayload()),
            handler -> handler.advice(eachByItself))
        .get();
  }

  /** A file that cannot be moved or removed does not keep the others from it. */
  @Bean
  Advice eachByItself() {
    ExpressionEvaluatingRequestHandlerAdvice advice =
        new ExpressionEvaluatingRequestHandlerAdvice();
    advice.setFailureChannelName(FAILURES);
    advice.setTrapException(true);
    return advice;
  }

  @Bean
  IntegrationFlow failureFlow(Failures failures) {
    return IntegrationFlow.from(FAILURES)
        .handle(message -> failures.handle((Throwable) message.getPayload()))
        .get();
  }

  private PollerSpec poller() {
    return Pollers.fixedDelay(properties.pollInterval()).errorChannel(FAILURES);
  }
}
