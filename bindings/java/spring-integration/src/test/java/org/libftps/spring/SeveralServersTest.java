package org.libftps.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.net.ftp.FTPFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.libftps.testing.TestServer;
import org.springframework.integration.file.remote.aop.RotatingServerAdvice;
import org.springframework.integration.file.remote.aop.RotationPolicy.KeyDirectory;
import org.springframework.integration.file.remote.session.DefaultSessionFactoryLocator;
import org.springframework.integration.file.remote.session.DelegatingSessionFactory;
import org.springframework.integration.ftp.dsl.Ftp;
import org.springframework.integration.ftp.inbound.FtpInboundFileSynchronizingMessageSource;
import org.springframework.integration.ftp.session.FtpRemoteFileTemplate;
import org.springframework.messaging.Message;

/**
 * One flow over several servers: {@code DelegatingSessionFactory}, {@code RotatingServerAdvice}.
 */
class SeveralServersTest {
  @TempDir private Path folder;
  private Application north;
  private Application south;
  private DelegatingSessionFactory<FTPFile> both;

  @BeforeEach
  void start() throws Exception {
    north = new Application(TestServer.strict("--tls", "1.2"));
    south = new Application(TestServer.strict("--tls", "1.3", "--wording", "filezilla-1"));
    north.put("north.csv", "1");
    south.put("south.csv", "2");
    both =
        new DelegatingSessionFactory<>(
            new DefaultSessionFactoryLocator<>(
                Map.of("north", north.sessions, "south", south.sessions)));
  }

  @AfterEach
  void stop() throws Exception {
    north.close();
    south.close();
  }

  @Test
  void theKeyOfTheThreadChoosesTheServer() {
    FtpRemoteFileTemplate template = north.templateOf(both);
    for (String key : List.of("north", "south", "north")) {
      both.setThreadKey(key);
      assertEquals(List.of(key + ".csv"), Application.names(template.list("/")));
      both.clearThreadKey();
    }
  }

  @Test
  void pollsRotateOverTheServers() {
    FtpInboundFileSynchronizingMessageSource source =
        north.initialized(
            Ftp.inboundAdapter(both)
                .remoteDirectory("/")
                .localDirectory(folder.toFile())
                .getObject());
    source.start();
    RotatingServerAdvice advice =
        new RotatingServerAdvice(
            both, List.of(new KeyDirectory("north", "/"), new KeyDirectory("south", "/")), true);
    List<String> received = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      advice.beforeReceive(source);
      Message<File> message = source.receive();
      assertNotNull(message);
      received.add(message.getPayload().getName());
      advice.afterReceive(message, source);
    }
    assertEquals(List.of("north.csv", "south.csv"), received);
    advice.beforeReceive(source);
    assertNull(source.receive());
    advice.afterReceive(null, source);
  }
}
