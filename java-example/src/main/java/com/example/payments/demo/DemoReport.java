package com.example.payments.demo;

import com.example.payments.conversion.Verdict;
import com.example.payments.flow.FileProgress;
import com.example.payments.flow.Step;
import jakarta.annotation.PreDestroy;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.libftps.Statistics;
import org.libftps.spring.NativeFtpsSessionFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Profile;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Says on the console when the sample files are done, and ends the application if it should. */
@Component
@Profile("default")
class DemoReport {
  private static final Logger LOG = LoggerFactory.getLogger(DemoReport.class);

  private final Map<Verdict, Integer> finished = new EnumMap<>(Verdict.class);
  private final SampleFiles samples;
  private final DemoProperties demo;
  private final NativeFtpsSessionFactory sessions;
  private final ConfigurableApplicationContext context;

  DemoReport(
      SampleFiles samples,
      DemoProperties demo,
      NativeFtpsSessionFactory sessions,
      ConfigurableApplicationContext context) {
    this.samples = samples;
    this.demo = demo;
    this.sessions = sessions;
    this.context = context;
  }

  @EventListener
  public synchronized void count(FileProgress progress) {
    if (progress.step() != Step.FINISHED) {
      return;
    }
    finished.merge(progress.verdict(), 1, Integer::sum);
    if (finished.values().stream().mapToInt(Integer::intValue).sum() == samples.number()) {
      report();
    }
  }

  private void report() {
    Path folder = Path.of(demo.folder()).toAbsolutePath().normalize();
    LOG.info(
        "The {} sample files are done: {} converted, {} rejected",
        samples.number(),
        finished.getOrDefault(Verdict.CONVERTED, 0),
        finished.getOrDefault(Verdict.REJECTED, 0));
    if (demo.stopWhenDone()) {
      // Not in this thread: stopping waits for it.
      new Thread(() -> System.exit(SpringApplication.exit(context)), "stop").start();
    } else {
      LOG.info("Look at {}; put more files into its inbox; stop with Ctrl-C", folder);
    }
  }

  /** Everything has stopped by then, but the sessions are still there. */
  @PreDestroy
  public void reportConnections() {
    Statistics counted = sessions.getStatistics();
    LOG.info(
        "The client counted {} data connections: {} resumed, {} with a full handshake",
        counted.dataConnections(),
        counted.resumed(),
        counted.full());
  }
}
