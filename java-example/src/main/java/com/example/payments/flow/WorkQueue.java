package com.example.payments.flow;

import com.example.payments.Folders;
import com.example.payments.PaymentProperties;
import com.example.payments.ftps.RemoteFiles;
import com.example.payments.lease.Lease;
import com.example.payments.lease.Leases;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/** Finds the next file that is ours to work on. For one thread. */
@Component
class WorkQueue {
  private static final Logger LOG = LoggerFactory.getLogger(WorkQueue.class);

  private final RemoteFiles files;
  private final Leases leases;
  private final ApplicationEventPublisher events;
  private final Folders folders;
  private final Queue<String> candidates = new ArrayDeque<>();

  WorkQueue(
      RemoteFiles files,
      Leases leases,
      ApplicationEventPublisher events,
      PaymentProperties properties) {
    this.files = files;
    this.leases = leases;
    this.events = events;
    folders = properties.folders();
  }

  /** A file that was claimed; null when there is none at the moment. */
  Lease next() {
    if (candidates.isEmpty()) {
      // A file whose owner died after the last move is in the database only.
      Set<String> names = new LinkedHashSet<>(leases.expired());
      names.addAll(files.list(folders.work()));
      candidates.addAll(names);
    }
    while (!candidates.isEmpty()) {
      Optional<Lease> claimed = leases.claim(candidates.remove());
      if (claimed.isPresent()) {
        Lease lease = claimed.get();
        if (lease.token() > 1) {
          LOG.info("{} is taken over: its owner has stopped renewing the lease", lease.file());
        }
        events.publishEvent(new FileProgress(lease.file(), Step.CLAIMED, null));
        return lease;
      }
    }
    return null;
  }
}
