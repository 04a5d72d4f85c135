package org.libftps.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPSClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.libftps.testing.Account;
import org.libftps.testing.TestServer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.expression.common.LiteralExpression;
import org.springframework.integration.channel.QueueChannel;
import org.springframework.integration.config.EnableIntegration;
import org.springframework.integration.file.remote.gateway.AbstractRemoteFileOutboundGateway;
import org.springframework.integration.file.remote.gateway.AbstractRemoteFileOutboundGateway.Command;
import org.springframework.integration.file.remote.gateway.AbstractRemoteFileOutboundGateway.Option;
import org.springframework.integration.file.remote.session.CachingSessionFactory;
import org.springframework.integration.file.remote.session.Session;
import org.springframework.integration.file.remote.session.SessionFactory;
import org.springframework.integration.ftp.dsl.Ftp;
import org.springframework.integration.ftp.session.DefaultFtpsSessionFactory;
import org.springframework.integration.ftp.session.FtpRemoteFileTemplate;
import org.springframework.integration.support.MessageBuilder;

/**
 * Spring Integration against a server that demands session reuse: TLS 1.2, FileZilla Server 0.9's
 * rule and words.
 */
class RemoteFileTemplateTest {
  @EnableIntegration
  static class Integration {}

  @TempDir private Path folder;
  private TestServer server;
  private AnnotationConfigApplicationContext context;
  private FtpRemoteFileTemplate template;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.strict("--tls", "1.2", "--wording", "filezilla-0.9");
    context = new AnnotationConfigApplicationContext(Integration.class);
    template = templateOf(new CachingSessionFactory<>(configured(new NativeFtpsSessionFactory())));
  }

  @AfterEach
  void stop() throws Exception {
    context.close();
    server.close();
  }

  private FtpRemoteFileTemplate templateOf(SessionFactory<FTPFile> factory) {
    FtpRemoteFileTemplate made = new FtpRemoteFileTemplate(factory);
    made.setBeanFactory(context.getBeanFactory());
    made.setRemoteDirectoryExpression(new LiteralExpression("/"));
    made.setUseTemporaryFileName(true);
    made.afterPropertiesSet();
    return made;
  }

  /** As an application sets up the stock factory. */
  private <T extends DefaultFtpsSessionFactory> T configured(T factory) throws Exception {
    factory.setHost(server.host());
    factory.setPort(server.port());
    factory.setUsername(server.user());
    factory.setPassword(server.password());
    factory.setProtocol("TLSv1.2");
    factory.setCipherSuites(
        new String[] {
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"
        });
    factory.setClientMode(FTPClient.PASSIVE_LOCAL_DATA_CONNECTION_MODE);
    if (factory instanceof NativeFtpsSessionFactory ours) {
      byte[] ca = server.ca();
      ours.setOptions(builder -> builder.extraRootsPem(ca));
    }
    return factory;
  }

  private void put(String name, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    template.execute(
        session -> {
          session.write(new ByteArrayInputStream(bytes), name);
          return null;
        });
  }

  private String get(String name) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    template.get(name, stream -> stream.transferTo(content));
    return content.toString(StandardCharsets.UTF_8);
  }

  private static List<String> names(FTPFile[] files) {
    return Arrays.stream(files).map(FTPFile::getName).sorted().toList();
  }

  /** The question that this project began with. */
  @Test
  void listsWhatTheStockFactorySeesAsEmpty() throws Exception {
    put("orders.csv", "1;2");

    try (Session<FTPFile> session = configured(new NativeFtpsSessionFactory()).getSession()) {
      assertEquals(List.of("orders.csv"), names(session.list("/")));
    }
    try (Session<FTPFile> session = configured(new DefaultFtpsSessionFactory()).getSession()) {
      assertEquals(List.of(), names(session.list("/")));
    }
  }

  @Test
  void theVersionIsTheOneThatTheBuildNames() {
    String jar =
        DefaultFtpsSessionFactory.class
            .getProtectionDomain()
            .getCodeSource()
            .getLocation()
            .getPath();
    String version = System.getProperty("spring-integration.version");
    assertTrue(jar.endsWith("spring-integration-ftp-" + version + ".jar"), jar);
  }

  @Test
  void putsByMessageAndGets() throws Exception {
    Path file = Files.writeString(folder.resolve("result.csv"), "3;4");
    template.send(MessageBuilder.withPayload(file.toFile()).build());
    assertEquals("3;4", get("/result.csv"));
    assertEquals(List.of("result.csv"), names(template.list("/")));
  }

  @Test
  void existsTellsFilesAndDirectories() {
    put("file", "content");
    template.execute(session -> session.mkdir("dir"));
    for (FtpRemoteFileTemplate.ExistsMode mode : FtpRemoteFileTemplate.ExistsMode.values()) {
      template.setExistsMode(mode);
      assertTrue(template.exists("file"), mode.toString());
    }
    assertTrue(template.exists("dir"));
    assertFalse(template.exists("none"));
  }

  @Test
  void renamesOverAFileThatIsThere() {
    put("old", "new content");
    put("target", "old content");
    template.rename("old", "target");
    assertEquals("new content", get("target"));
    assertFalse(template.exists("old"));
  }

  @Test
  void aRenameWithoutSourceLeavesTheTarget() {
    put("target", "content");
    assertThrows(RuntimeException.class, () -> template.rename("none", "target"));
    assertEquals("content", get("target"));
  }

  @Test
  void removes() {
    put("file", "content");
    assertTrue(template.remove("file"));
    assertFalse(template.exists("file"));
  }

  @Test
  void readsAStreamAndFinalizesIt() throws Exception {
    put("file", "streamed");
    try (Session<FTPFile> session = template.getSession()) {
      try (InputStream stream = session.readRaw("file")) {
        assertEquals("streamed", new String(stream.readAllBytes(), StandardCharsets.UTF_8));
      }
      assertTrue(session.finalizeRaw());
    }
  }

  @Test
  void theGatewayGetsManyFiles() {
    for (int i = 0; i < 5; i++) {
      put("in" + i + ".csv", "content " + i);
    }
    QueueChannel replies = new QueueChannel();
    AbstractRemoteFileOutboundGateway<FTPFile> gateway =
        Ftp.outboundGateway(template, Command.MGET, "payload").getObject();
    // The strict server knows no wildcards; recursion lists directories as they are.
    gateway.setOption(Option.RECURSIVE);
    gateway.setLocalDirectory(folder.toFile());
    gateway.setOutputChannel(replies);
    gateway.setBeanFactory(context.getBeanFactory());
    gateway.setApplicationContext(context);
    gateway.afterPropertiesSet();
    gateway.handleMessage(MessageBuilder.withPayload("/*").build());

    @SuppressWarnings("unchecked")
    List<File> files = (List<File>) replies.receive(10_000).getPayload();
    assertEquals(5, files.size());
    assertTrue(
        files.stream().allMatch(file -> file.length() == "content 0".length()), files.toString());
  }

  @Test
  void aCachedSessionIsUsedAgain() throws Exception {
    for (int i = 0; i < 20; i++) {
      put("file" + i, "content");
    }
    assertEquals(20, template.list("/").length);
    Account counted = server.stop();
    assertEquals(1, counted.get("logins"));
    assertEquals(21, counted.get("data_same_session"));
    assertEquals(21, counted.get("data_connections"));
  }

  @Test
  void aSessionTellsHowItsDataConnectionsFared() throws Exception {
    try (NativeFtpsSession session =
        (NativeFtpsSession) configured(new NativeFtpsSessionFactory()).getSession()) {
      session.list("/");
      session.list("/");
      assertEquals(2, session.getStatistics().resumed());
    }
  }

  @Test
  void aClientWhoseLoginFailsIsClosed() throws Exception {
    NativeFtpsSessionFactory factory = configured(new Remembering());
    factory.setPassword("wrong");
    assertThrows(IllegalStateException.class, factory::getSession);
    assertFalse(((Remembering) factory).last.isConnected());
  }

  @Test
  void activeModeAndClearDataAreRefused() {
    NativeFtpsSessionFactory factory = new NativeFtpsSessionFactory();
    assertThrows(
        UnsupportedOperationException.class,
        () -> factory.setClientMode(FTPClient.ACTIVE_LOCAL_DATA_CONNECTION_MODE));
    assertThrows(UnsupportedOperationException.class, () -> factory.setProt("C"));
  }

  private static final class Remembering extends NativeFtpsSessionFactory {
    private FTPSClient last;

    @Override
    protected FTPSClient createClientInstance() {
      last = super.createClientInstance();
      return last;
    }
  }
}
