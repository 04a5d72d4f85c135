package com.example.payments.flow;

import com.example.payments.Folders;
import com.example.payments.PaymentProperties;
import com.example.payments.conversion.Conversion;
import com.example.payments.conversion.PaymentConverter;
import com.example.payments.conversion.Verdict;
import com.example.payments.ftps.RemoteFiles;
import com.example.payments.lease.Lease;
import com.example.payments.lease.Leases;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;

/**
 * The steps that a claimed file takes. Each may be repeated, by this instance or another one, and
 * none relies on how far a former owner came.
 *
 * <p>A former owner may still be alive: held up for longer than its lease, it goes on where it was.
 * It confirms its lease before each rename, so that at most one rename is left to it, and that has
 * no source any more: the new owner removes older temporary files before it publishes, and a file
 * that was archived is not in the work folder. Neither name is ever used again.
 */
@Component
class Processing {
  private static final Logger LOG = LoggerFactory.getLogger(Processing.class);

  private final RemoteFiles files;
  private final Leases leases;
  private final PaymentConverter converter;
  private final ApplicationEventPublisher events;
  private final Folders folders;

  Processing(
      RemoteFiles files,
      Leases leases,
      PaymentConverter converter,
      ApplicationEventPublisher events,
      PaymentProperties properties) {
    this.files = files;
    this.leases = leases;
    this.converter = converter;
    this.events = events;
    folders = properties.folders();
  }

  /** False when a former owner came as far as the last move. */
  boolean isInWork(Lease lease) {
    return files.exists(folders.working(lease.file()));
  }

  ConvertedFile convert(Lease lease) {
    return new ConvertedFile(lease, converter.convert(files.read(folders.working(lease.file()))));
  }

  /** Writes the report under a temporary name, then gives it its own. */
  ConvertedFile publish(ConvertedFile file) {
    Lease lease = file.lease();
    Conversion conversion = file.conversion();
    String folder = folders.reports(conversion.verdict());
    String report = folders.report(lease.file(), conversion.verdict());
    removeTemporaryFilesOfFormerOwners(lease, folder);
    // One that is there is complete, and the same: it came from the same file.
    if (!files.exists(report)) {
      String temporary = folder + "/" + TemporaryName.of(lease);
      files.write(temporary, conversion.report());
      reached(Step.UPLOADED, file);
      leases.confirm(lease);
      reached(Step.PUBLISHING, file);
      files.move(temporary, report);
      reached(Step.PUBLISHED, file);
    }
    return file;
  }

  private void removeTemporaryFilesOfFormerOwners(Lease lease, String folder) {
    if (lease.token() == 1) {
      return;
    }
    for (String name : files.list(folder)) {
      Optional<Lease> other = TemporaryName.parse(name);
      if (other.isPresent() && other.get().isOlderThan(lease)) {
        files.removeIfThere(folder + "/" + name);
      }
    }
  }

  /** Moves the file to where it stays. */
  ConvertedFile archive(ConvertedFile file) {
    Lease lease = file.lease();
    leases.confirm(lease);
    reached(Step.ARCHIVING, file);
    files.move(
        folders.working(lease.file()), folders.kept(lease.file(), file.conversion().verdict()));
    reached(Step.ARCHIVED, file);
    return file;
  }

  void finish(ConvertedFile file) {
    String name = file.lease().file();
    Conversion conversion = file.conversion();
    leases.finish(file.lease(), conversion.verdict().name());
    LOG.info(
        "{}: {}, in {}",
        conversion.verdict(),
        conversion.summary(),
        folders.report(name, conversion.verdict()));
    reached(Step.FINISHED, file);
  }

  /** Ends what a former owner left after the last move. */
  void finishMoved(Lease lease) {
    Optional<Verdict> verdict =
        Arrays.stream(Verdict.values())
            .filter(possible -> files.exists(folders.kept(lease.file(), possible)))
            .findFirst();
    if (verdict.isEmpty()) {
      leases.finish(lease, "VANISHED");
      LOG.error("{} is in no folder any more: somebody else has removed it", lease.file());
      return;
    }
    leases.finish(lease, verdict.get().name());
    LOG.info("{}: {}, by an instance that did not live to say so", verdict.get(), lease.file());
    events.publishEvent(new FileProgress(lease.file(), Step.FINISHED, verdict.get()));
  }

  private void reached(Step step, ConvertedFile file) {
    events.publishEvent(new FileProgress(file.lease().file(), step, file.conversion().verdict()));
  }
}
