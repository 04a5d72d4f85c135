package com.example.payments.lease;

import com.example.payments.PaymentProperties;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.jdbc.lock.DefaultLockRepository;
import org.springframework.integration.jdbc.lock.JdbcLockRegistry;
import org.springframework.integration.jdbc.lock.LockRepository;
import org.springframework.integration.jdbc.metadata.JdbcMetadataStore;
import org.springframework.integration.leader.DefaultCandidate;
import org.springframework.integration.support.leader.LockRegistryLeaderInitiator;
import org.springframework.scheduling.annotation.SchedulingConfigurer;

/** What instances tell each other through the database. */
@Configuration
public class LeaseConfiguration {
  /** One instance at a time has this role. */
  public static final String HOUSEKEEPER = "housekeeper";

  @Bean
  SchedulingConfigurer renewal(Leases leases, PaymentProperties properties) {
    return tasks -> tasks.addFixedDelayTask(leases::renew, properties.lease().dividedBy(3));
  }

  /** Which files are finished, and how. */
  @Bean
  JdbcMetadataStore finishedFiles(DataSource dataSource) {
    JdbcMetadataStore store = new JdbcMetadataStore(dataSource);
    store.setRegion("FINISHED_FILES");
    return store;
  }

  @Bean
  LockRepository lockRepository(DataSource dataSource) {
    return new DefaultLockRepository(dataSource);
  }

  /**
   * Its locks expire by the clocks of the instances. That is good enough for the housekeeper: two
   * of them at a time get in each other's way, but do no harm. Files are claimed by {@link Leases}.
   */
  @Bean
  JdbcLockRegistry lockRegistry(LockRepository repository, PaymentProperties properties) {
    return new JdbcLockRegistry(repository, properties.lease());
  }

  @Bean
  LockRegistryLeaderInitiator housekeeperElection(
      JdbcLockRegistry locks, PaymentProperties properties) {
    return new LockRegistryLeaderInitiator(
        locks, new DefaultCandidate(properties.instance(), HOUSEKEEPER));
  }
}
