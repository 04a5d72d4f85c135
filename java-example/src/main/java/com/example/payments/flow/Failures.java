package com.example.payments.flow;

import com.example.payments.lease.Lease;
import com.example.payments.lease.LeaseLostException;
import com.example.payments.lease.Leases;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessagingException;
import org.springframework.stereotype.Component;

/** What happens when a poll or a step fails. The file stays where it is, for another attempt. */
@Component
class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private final Leases leases;
  private final ApplicationEventPublisher events;

  Failures(Leases leases, ApplicationEventPublisher events) {
    this.leases = leases;
    this.events = events;
  }

  void handle(Throwable failure) {
    Throwable cause = NestedExceptionUtils.getMostSpecificCause(failure);
    Lease lease = lease(failure);
    if (lease == null) {
      LOG.warn("Will try again: {}", cause.toString());
      return;
    }
    leases.abandon(lease);
    if (cause instanceof LeaseLostException) {
      LOG.info("Gave up: {}", cause.getMessage());
      return;
    }
    LOG.warn("{} will be tried again when its lease is over: {}", lease.file(), cause.toString());
    events.publishEvent(new FileFailure(lease.file(), cause));
  }

  private static Lease lease(Throwable failure) {
    Message<?> message =
        failure instanceof MessagingException messaging ? messaging.getFailedMessage() : null;
    return message == null ? null : message.getHeaders().get(PaymentFlow.LEASE, Lease.class);
  }
}
