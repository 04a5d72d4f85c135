package com.example.payments.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.payments.Folders;
import com.example.payments.PaymentProperties;
import com.example.payments.conversion.PaymentConverter;
import com.example.payments.ftps.RemoteFiles;
import com.example.payments.lease.Lease;
import com.example.payments.lease.LeaseLostException;
import com.example.payments.lease.Leases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.libftps.spring.NativeFtpsSessionFactory;
import org.libftps.testing.TestServer;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.integration.ftp.session.FtpRemoteFileTemplate;
import org.springframework.integration.jdbc.metadata.JdbcMetadataStore;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.messaging.MessagingException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A lease expires while its owner still lives. Two instances in one process: the first is held up
 * after a step, the other takes the file over and finishes it, then the first goes on.
 */
class FencingTest {
  private static final Folders FOLDERS =
      new Folders("/inbox", "/work", "/results", "/archive", "/error");
  private static final String PAYMENTS =
      """
      reference;account;amount;currency;due
      A-1;NL91ABNA0417164300;19.90;EUR;2026-01-12
      """;
  private static final String OTHER_PAYMENTS = PAYMENTS.replace("19.90", "20.90");

  @TempDir private Path root;
  private TestServer server;
  private DataSource database;
  private JdbcClient jdbc;
  private RemoteFiles files;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.strict("--root", root.toString());
    database =
        new DriverManagerDataSource(
            "jdbc:h2:mem:%s;MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DB_CLOSE_DELAY=-1"
                .formatted(UUID.randomUUID()));
    Flyway.configure().dataSource(database).load().migrate();
    jdbc = JdbcClient.create(database);
    files = remoteFiles();
    for (String folder : FOLDERS.all()) {
      files.makeFolderUnlessThere(folder);
    }
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    jdbc.sql("shutdown").update();
  }

  private RemoteFiles remoteFiles() throws IOException {
    byte[] ca = server.ca();
    NativeFtpsSessionFactory factory = new NativeFtpsSessionFactory();
    factory.setHost(server.host());
    factory.setPort(server.port());
    factory.setUsername(server.user());
    factory.setPassword(server.password());
    factory.setOptions(client -> client.extraRootsPem(ca));
    return new RemoteFiles(new FtpRemoteFileTemplate(factory));
  }

  /** What one instance consists of. */
  private final class Instance {
    private final Leases leases;
    private final Intake intake;
    private final WorkQueue queue;
    private final Processing processing;
    private final Sweeper sweeper;

    Instance(String name, ApplicationEventPublisher events) {
      PaymentProperties properties =
          new PaymentProperties(name, Duration.ofSeconds(1), Duration.ofHours(1), FOLDERS);
      JdbcMetadataStore finished = new JdbcMetadataStore(database);
      finished.afterPropertiesSet();
      leases =
          new Leases(
              jdbc,
              new TransactionTemplate(new JdbcTransactionManager(database)),
              finished,
              properties);
      intake = new Intake(files, events, properties);
      queue = new WorkQueue(files, leases, events, properties);
      processing = new Processing(files, leases, new PaymentConverter(), events, properties);
      sweeper = new Sweeper(files, leases, properties);
    }

    void work() {
      intake.arrived().forEach(intake::takeIn);
      for (Lease lease = queue.next(); lease != null; lease = queue.next()) {
        if (processing.isInWork(lease)) {
          processing.finish(processing.archive(processing.publish(processing.convert(lease))));
        } else {
          processing.finishMoved(lease);
        }
      }
    }
  }

  private void put(String content) throws IOException {
    Files.writeString(root.resolve("inbox/payments.csv"), content);
  }

  private List<Path> in(String folder) {
    try (Stream<Path> found = Files.list(root.resolve(folder))) {
      return found.sorted().toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void letLeasesExpire() {
    jdbc.sql("update file_lease set expires_at = current_timestamp - interval '1' second").update();
  }

  @ParameterizedTest
  @EnumSource(names = {"CLAIMED", "UPLOADED", "PUBLISHING", "PUBLISHED", "ARCHIVING", "ARCHIVED"})
  void anOwnerThatWasTooSlowDoesNoHarm(Step step) throws IOException {
    AtomicBoolean overtaken = new AtomicBoolean();
    Instance other = new Instance("other", event -> {});
    Instance slow =
        new Instance(
            "slow",
            event -> {
              if (((FileProgress) event).step() == step && overtaken.compareAndSet(false, true)) {
                overtake(other);
              }
            });
    put(PAYMENTS);

    try {
      slow.work();
    } catch (LeaseLostException | MessagingException expected) {
      // It finds out at its next step.
    }
    assertThat(overtaken).isTrue();

    assertThat(in("results")).as("what the receiver has taken does not come again").isEmpty();
    assertThat(in("archive")).singleElement().asString().contains("payments.");
    assertThat(in("archive").get(0)).hasContent(PAYMENTS);
    assertThat(in("work")).isEmpty();
    assertThat(in("inbox"))
        .as("the next file of that name is untouched")
        .singleElement()
        .satisfies(next -> assertThat(next).hasContent(OTHER_PAYMENTS));

    slow.work();
    assertThat(in("results")).hasSize(1);
    assertThat(in("archive")).hasSize(2);
    assertThat(jdbc.sql("select count(*) from file_lease").query(Long.class).single()).isZero();
  }

  /** Everything happens that could make what the slow owner does later harmful. */
  private void overtake(Instance other) {
    letLeasesExpire();
    other.work();
    assertThat(in("results")).hasSize(1);
    try {
      Files.delete(in("results").get(0));
      put(OTHER_PAYMENTS);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aTemporaryFileOfASlowOwnerIsSweptOnceItsLeaseIsLost() throws IOException {
    Instance slow = new Instance("slow", event -> {});
    put(PAYMENTS);
    slow.intake.arrived().forEach(slow.intake::takeIn);
    Lease lease = slow.queue.next();
    String temporary = "/results/" + TemporaryName.of(lease);
    files.write(temporary, new byte[10]);

    assertThat(slow.sweeper.orphans()).as("of a lease that is held").isEmpty();
    letLeasesExpire();
    assertThat(slow.sweeper.orphans()).as("of a lease that nobody took over").isEmpty();

    Instance other = new Instance("other", event -> {});
    assertThat(other.queue.next()).isEqualTo(new Lease(lease.file(), 2));
    assertThat(other.sweeper.orphans()).containsExactly(temporary);
    other.sweeper.remove(temporary);
    assertThat(in("results")).isEmpty();
  }

  @Test
  void aFinishedFileIsNotClaimedAgainFromAnOldListing() throws IOException {
    Instance first = new Instance("first", event -> {});
    Instance second = new Instance("second", event -> {});
    put(PAYMENTS);
    first.intake.arrived().forEach(first.intake::takeIn);
    String file = files.list("/work").get(0);
    first.work();

    assertThat(second.leases.claim(file)).isEmpty();
    assertThat(jdbc.sql("select count(*) from file_lease").query(Long.class).single()).isZero();
  }

  @Test
  void aFileIsClaimedByOneInstance() throws IOException {
    Instance first = new Instance("first", event -> {});
    Instance second = new Instance("second", event -> {});
    assertThat(first.leases.claim("a.csv")).contains(new Lease("a.csv", 1));
    assertThat(second.leases.claim("a.csv")).isEmpty();
    letLeasesExpire();
    assertThat(second.leases.claim("a.csv")).contains(new Lease("a.csv", 2));
    assertThat(first.leases.claim("a.csv")).isEmpty();
  }

  @Test
  void aRenewedLeaseDoesNotExpire() throws IOException {
    Instance owner = new Instance("owner", event -> {});
    Instance other = new Instance("other", event -> {});
    owner.leases.claim("a.csv");
    letLeasesExpire();
    owner.leases.renew();
    assertThat(other.leases.claim("a.csv")).isEmpty();
  }
}
