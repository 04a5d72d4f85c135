package org.libftps.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.util.List;
import org.apache.commons.net.ftp.FTPClient;
import org.junit.jupiter.api.Test;
import org.libftps.Statistics;
import org.springframework.integration.ftp.session.FtpRemoteFileTemplate;

/** Data connections that the servers make. */
class ActiveModeTest extends OnEachServer {
  @Test
  void everyDataConnectionResumes() {
    application.factory.setClientMode(FTPClient.ACTIVE_LOCAL_DATA_CONNECTION_MODE);
    FtpRemoteFileTemplate template = application.templateOf(application.factory);
    for (int i = 0; i < 5; i++) {
      String content = "content " + i;
      String path = application.path("file" + i);
      template.execute(
          session -> {
            session.write(new ByteArrayInputStream(content.getBytes()), path);
            return null;
          });
      template.get(path, stream -> assertEquals(content, new String(stream.readAllBytes())));
    }
    assertEquals(5, Application.names(template.list(application.home())).size());

    Statistics statistics = application.factory.getStatistics();
    assertEquals(11, statistics.resumed());
    assertEquals(11, statistics.dataConnections());
    List<String> commands = application.commands;
    assertEquals(11, commands.stream().filter(line -> line.startsWith("PORT ")).count());
  }
}
