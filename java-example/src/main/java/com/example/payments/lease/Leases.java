package com.example.payments.lease;

import com.example.payments.PaymentProperties;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.integration.metadata.ConcurrentMetadataStore;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Who works on which file: one row a file, with an owner and an expiry. An instance that dies stops
 * renewing, and another one takes over.
 *
 * <p>All times are the database's: clocks of instances may differ.
 *
 * <p>A persistent accept-once filter ({@code FtpPersistentAcceptOnceFileListFilter}) would not do:
 * it records a file before that is processed, so that the file of an instance that dies is never
 * looked at again. Here the metadata store is told after the last step, in the transaction that
 * ends the lease.
 */
@Component
public class Leases {
  private static final Logger LOG = LoggerFactory.getLogger(Leases.class);
  private static final String EXPIRY =
      "current_timestamp + interval '0.001' second * cast(:millis as integer)";

  private final JdbcClient jdbc;
  private final TransactionOperations transaction;
  private final ConcurrentMetadataStore finished;
  private final String owner;
  private final long millis;
  private final Set<Lease> held = ConcurrentHashMap.newKeySet();

  public Leases(
      JdbcClient jdbc,
      TransactionOperations transaction,
      ConcurrentMetadataStore finished,
      PaymentProperties properties) {
    this.jdbc = jdbc;
    this.transaction = transaction;
    this.finished = finished;
    owner = properties.instance();
    millis = properties.lease().toMillis();
  }

  /**
   * Claims a file that nobody works on.
   *
   * @return empty when another instance has it, or when it is finished
   */
  public Optional<Lease> claim(String file) {
    Optional<Lease> claimed =
        transaction.execute(
            status -> {
              if (!takeOver(file) && !insert(file)) {
                return Optional.empty();
              }
              // A listing may be older than the end of the work on a file. This order sees it.
              if (finished.get(file) != null) {
                status.setRollbackOnly();
                return Optional.empty();
              }
              return Optional.of(new Lease(file, token(file)));
            });
    claimed.ifPresent(held::add);
    return claimed;
  }

  private boolean takeOver(String file) {
    return jdbc.sql(
                "update file_lease set owner = :owner, token = token + 1, expires_at = "
                    + EXPIRY
                    + " where file_name = :file and expires_at <= current_timestamp")
            .param("owner", owner)
            .param("millis", millis)
            .param("file", file)
            .update()
        == 1;
  }

  private boolean insert(String file) {
    return jdbc.sql(
                "insert into file_lease (file_name, owner, token, expires_at) values (:file, :owner, 1, "
                    + EXPIRY
                    + ") on conflict do nothing")
            .param("file", file)
            .param("owner", owner)
            .param("millis", millis)
            .update()
        == 1;
  }

  private long token(String file) {
    return jdbc.sql("select token from file_lease where file_name = :file")
        .param("file", file)
        .query(Long.class)
        .single();
  }

  /**
   * Renews a lease.
   *
   * @throws LeaseLostException when another instance has the file
   */
  public void confirm(Lease lease) {
    if (!extend(lease)) {
      held.remove(lease);
      throw new LeaseLostException(lease);
    }
  }

  /** A lease that ran out, but that nobody took, is still its owner's. */
  private boolean extend(Lease lease) {
    return jdbc.sql(
                "update file_lease set expires_at = "
                    + EXPIRY
                    + " where file_name = :file and token = :token")
            .param("millis", millis)
            .param("file", lease.file())
            .param("token", lease.token())
            .update()
        == 1;
  }

  /** Renews the leases of this instance, so that a file may take longer than a lease. */
  public void renew() {
    for (Lease lease : held) {
      if (!extend(lease) && held.remove(lease)) {
        LOG.info("Another instance has taken over {}", lease.file());
      }
    }
  }

  /**
   * Ends the work on a file for good.
   *
   * @throws LeaseLostException when another instance has the file
   */
  public void finish(Lease lease, String outcome) {
    held.remove(lease);
    transaction.executeWithoutResult(
        status -> {
          if (remove(lease) == 0) {
            throw new LeaseLostException(lease);
          }
          finished.put(lease.file(), outcome);
        });
  }

  private int remove(Lease lease) {
    return jdbc.sql("delete from file_lease where file_name = :file and token = :token")
        .param("file", lease.file())
        .param("token", lease.token())
        .update();
  }

  /** Lets a lease run out: that spaces the tries of a file whose processing failed. */
  public void abandon(Lease lease) {
    held.remove(lease);
  }

  /** Files whose owner has stopped renewing. */
  public List<String> expired() {
    return jdbc.sql("select file_name from file_lease where expires_at <= current_timestamp")
        .query(String.class)
        .list();
  }

  /** Whether the file is still, or again, under this very lease. */
  public boolean isCurrent(Lease lease) {
    return jdbc.sql("select count(*) from file_lease where file_name = :file and token = :token")
            .param("file", lease.file())
            .param("token", lease.token())
            .query(Long.class)
            .single()
        == 1;
  }

  /** How many files this instance works on. */
  public int held() {
    return held.size();
  }
}
