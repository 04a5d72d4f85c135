package org.libftps.spring;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.net.ProtocolCommandEvent;
import org.apache.commons.net.ProtocolCommandListener;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPSClient;
import org.libftps.testing.TestServer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.expression.common.LiteralExpression;
import org.springframework.integration.config.EnableIntegration;
import org.springframework.integration.file.remote.session.CachingSessionFactory;
import org.springframework.integration.file.remote.session.SessionFactory;
import org.springframework.integration.ftp.session.DefaultFtpsSessionFactory;
import org.springframework.integration.ftp.session.FtpRemoteFileTemplate;

/** A Spring Integration application that works in one folder of a server. */
final class Application implements AutoCloseable {
  private static final AtomicInteger FOLDERS = new AtomicInteger();
  private static final AtomicInteger COMPONENTS = new AtomicInteger();

  @EnableIntegration
  static class Integration {}

  final TestServer server;
  final NativeFtpsSessionFactory factory;
  final CachingSessionFactory<FTPFile> sessions;
  final AnnotationConfigApplicationContext context;
  final FtpRemoteFileTemplate template;

  /** The verbs that were sent, with their arguments. */
  final List<String> commands;

  private final String home;
  private final boolean ownsServer;

  /** In the user's folder of a server of its own, which it closes. */
  Application(TestServer server) throws IOException {
    this(server, server.remoteHome(), true);
  }

  /** In a folder of its own. */
  static Application on(Servers kind) throws IOException {
    TestServer server = kind.shared();
    String parent = server.remoteHome().replaceFirst("/$", "");
    Application made = new Application(server, parent + "/test" + FOLDERS.incrementAndGet(), false);
    made.template.execute(session -> session.mkdir(made.home));
    return made;
  }

  private Application(TestServer server, String home, boolean ownsServer) throws IOException {
    this.server = server;
    this.home = home;
    this.ownsServer = ownsServer;
    context = new AnnotationConfigApplicationContext(Integration.class);
    commands = new CopyOnWriteArrayList<>();
    factory = trusting(server, configured(new Observed(commands), server));
    sessions = new CachingSessionFactory<>(factory);
    template = templateOf(sessions);
  }

  static NativeFtpsSessionFactory factoryFor(TestServer server) throws IOException {
    return trusting(server, configured(new NativeFtpsSessionFactory(), server));
  }

  static <T extends NativeFtpsSessionFactory> T trusting(TestServer server, T factory)
      throws IOException {
    byte[] ca = server.ca();
    factory.setOptions(builder -> builder.extraRootsPem(ca));
    return factory;
  }

  /** The same for both, which is what makes ours a replacement. */
  static <T extends DefaultFtpsSessionFactory> T configured(T factory, TestServer server) {
    factory.setHost(server.host());
    factory.setPort(server.port());
    factory.setUsername(server.user());
    factory.setPassword(server.password());
    return factory;
  }

  /** Puts files into the folder, under temporary names first. */
  FtpRemoteFileTemplate templateOf(SessionFactory<FTPFile> sessions) {
    FtpRemoteFileTemplate made = new FtpRemoteFileTemplate(sessions);
    made.setBeanFactory(context.getBeanFactory());
    made.setRemoteDirectoryExpression(new LiteralExpression(home));
    made.setUseTemporaryFileName(true);
    made.afterPropertiesSet();
    return made;
  }

  /** As the container does with a bean. */
  <T> T initialized(T component) {
    String name = "component" + COMPONENTS.incrementAndGet();
    context.getAutowireCapableBeanFactory().initializeBean(component, name);
    return component;
  }

  /** The folder, as the server calls it. */
  String home() {
    return home;
  }

  /** The server's name of a file in the folder. */
  String path(String name) {
    return home.endsWith("/") ? home + name : home + "/" + name;
  }

  void put(String name, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    template.execute(
        session -> {
          session.write(new ByteArrayInputStream(bytes), path(name));
          return null;
        });
  }

  String get(String name) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    template.execute(
        session -> {
          session.read(path(name), content);
          return null;
        });
    return content.toString(StandardCharsets.UTF_8);
  }

  void makeDirectory(String name) {
    template.execute(session -> session.mkdir(path(name)));
  }

  /** What is in the folder, sorted. */
  List<String> names() {
    return names(template.list(home));
  }

  static List<String> names(FTPFile[] files) {
    return Arrays.stream(files)
        .map(FTPFile::getName)
        .filter(name -> !name.equals(".") && !name.equals(".."))
        .sorted()
        .toList();
  }

  private static final class Observed extends NativeFtpsSessionFactory {
    private final List<String> commands;

    Observed(List<String> commands) {
      this.commands = commands;
    }

    @Override
    protected void postProcessClientBeforeConnect(FTPSClient client) {
      super.postProcessClientBeforeConnect(client);
      client.addProtocolCommandListener(
          new ProtocolCommandListener() {
            @Override
            public void protocolCommandSent(ProtocolCommandEvent event) {
              commands.add(event.getMessage().trim());
            }

            @Override
            public void protocolReplyReceived(ProtocolCommandEvent event) {}
          });
    }
  }

  @Override
  public void close() throws IOException {
    sessions.destroy();
    context.close();
    if (ownsServer) {
      server.close();
    }
  }
}
