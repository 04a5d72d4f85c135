package org.libftps.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.net.ftp.FTPFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.libftps.testing.Account;
import org.libftps.testing.TestServer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.integration.channel.QueueChannel;
import org.springframework.integration.config.EnableIntegration;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.dsl.Pollers;
import org.springframework.integration.dsl.Transformers;
import org.springframework.integration.file.FileHeaders;
import org.springframework.integration.file.remote.gateway.AbstractRemoteFileOutboundGateway.Command;
import org.springframework.integration.file.remote.gateway.AbstractRemoteFileOutboundGateway.Option;
import org.springframework.integration.file.remote.session.CachingSessionFactory;
import org.springframework.integration.file.remote.session.SessionFactory;
import org.springframework.integration.file.support.FileExistsMode;
import org.springframework.integration.ftp.dsl.Ftp;
import org.springframework.integration.ftp.filters.FtpPersistentAcceptOnceFileListFilter;
import org.springframework.integration.ftp.session.FtpRemoteFileTemplate;
import org.springframework.integration.metadata.SimpleMetadataStore;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;
import org.springframework.messaging.support.MessageBuilder;

/** Flows as an application writes them, in the Java DSL: polled, on Spring's own threads. */
class FlowTest {
  private static TestServer server;
  private static Path folder;

  /** The only line that another factory needs is the one that makes it. */
  @EnableIntegration
  static class Flows {
    @Bean
    SessionFactory<FTPFile> sessions() throws Exception {
      return new CachingSessionFactory<>(Application.factoryFor(server), 4);
    }

    @Bean
    IntegrationFlow inbound(SessionFactory<FTPFile> sessions) {
      return IntegrationFlow.from(
              Ftp.inboundAdapter(sessions)
                  .remoteDirectory("/in")
                  .localDirectory(folder.toFile())
                  .preserveTimestamp(true)
                  .deleteRemoteFiles(true)
                  .patternFilter("*.csv"),
              endpoint -> endpoint.poller(Pollers.fixedDelay(50)))
          .channel(c -> c.queue("received"))
          .get();
    }

    @Bean
    IntegrationFlow streaming(SessionFactory<FTPFile> sessions) {
      return IntegrationFlow.from(
              Ftp.inboundStreamingAdapter(new FtpRemoteFileTemplate(sessions))
                  .remoteDirectory("/stream")
                  .filter(new FtpPersistentAcceptOnceFileListFilter(new SimpleMetadataStore(), "")),
              endpoint -> endpoint.poller(Pollers.fixedDelay(50).maxMessagesPerPoll(10)))
          .transform(Transformers.fromStream("UTF-8"))
          .channel(c -> c.queue("streamed"))
          .get();
    }

    @Bean
    IntegrationFlow outbound(SessionFactory<FTPFile> sessions) {
      return IntegrationFlow.from("results")
          .handle(
              Ftp.outboundAdapter(sessions, FileExistsMode.REPLACE)
                  .remoteDirectory("/out")
                  .autoCreateDirectory(true)
                  .fileNameExpression("headers['name']"))
          .get();
    }

    @Bean
    IntegrationFlow gateway(SessionFactory<FTPFile> sessions) {
      return IntegrationFlow.from("questions")
          .handle(Ftp.outboundGateway(sessions, Command.LS, "payload").options(Option.NAME_ONLY))
          .channel(c -> c.queue("answers"))
          .get();
    }
  }

  private AnnotationConfigApplicationContext context;
  private FtpRemoteFileTemplate template;

  @BeforeEach
  void start(@TempDir Path local) throws Exception {
    folder = local;
    server = TestServer.strict("--tls", "1.2", "--wording", "filezilla-0.9");
    NativeFtpsSessionFactory factory = Application.factoryFor(server);
    template = new FtpRemoteFileTemplate(factory);
    template.execute(session -> session.mkdir("/in") && session.mkdir("/stream"));
    context = new AnnotationConfigApplicationContext(Flows.class);
  }

  @AfterEach
  void stop() throws Exception {
    context.close();
    server.close();
  }

  private void put(String path, String content) {
    template.execute(
        session -> {
          session.write(new ByteArrayInputStream(content.getBytes()), path);
          return null;
        });
  }

  private Message<?> next(String channel) {
    Message<?> message = context.getBean(channel, QueueChannel.class).receive(20_000);
    assertNotNull(message);
    return message;
  }

  private void send(String channel, Object payload, String name) {
    context
        .getBean(channel, MessageChannel.class)
        .send(MessageBuilder.withPayload(payload).setHeader("name", name).build());
  }

  @Test
  void filesGoThroughEveryFlowAndEveryDataConnectionResumes() throws Exception {
    put("/in/orders.csv", "1;2");
    Message<?> received = next("received");
    assertEquals("1;2", Files.readString(((File) received.getPayload()).toPath()));
    assertEquals("orders.csv", received.getHeaders().get(FileHeaders.REMOTE_FILE));

    put("/stream/lines.txt", "streamed");
    assertEquals("streamed", next("streamed").getPayload());

    send("results", "3;4", "results.csv");
    send("questions", "/out", "");
    assertEquals(List.of("results.csv"), next("answers").getPayload());

    assertNull(context.getBean("received", QueueChannel.class).receive(200));
    assertNull(context.getBean("streamed", QueueChannel.class).receive(200));
    context.close();
    Account account = server.stop();
    // One that closing the context has cut short is neither.
    assertTrue(account.resumed() > 5, account.toString());
    assertEquals(0, account.full());
    assertEquals(0, account.refused());
  }
}
