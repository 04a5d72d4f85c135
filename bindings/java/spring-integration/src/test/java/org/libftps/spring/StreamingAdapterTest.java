package org.libftps.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.integration.StaticMessageHeaderAccessor;
import org.springframework.integration.file.FileHeaders;
import org.springframework.integration.ftp.dsl.Ftp;
import org.springframework.integration.ftp.filters.FtpPersistentAcceptOnceFileListFilter;
import org.springframework.integration.ftp.inbound.FtpStreamingMessageSource;
import org.springframework.integration.metadata.SimpleMetadataStore;
import org.springframework.messaging.Message;

/** {@code FtpStreamingMessageSource}, whose messages are open files. */
@ParameterizedClass
@EnumSource
class StreamingAdapterTest {
  @Parameter private Servers server;
  private Application application;
  private FtpStreamingMessageSource source;

  @BeforeEach
  void start() throws Exception {
    application = new Application(server.start());
    source =
        application.initialized(
            Ftp.inboundStreamingAdapter(application.template)
                .remoteDirectory(application.home())
                .filter(new FtpPersistentAcceptOnceFileListFilter(new SimpleMetadataStore(), ""))
                .getObject());
    source.start();
  }

  @AfterEach
  void stop() throws Exception {
    application.close();
  }

  /** As a splitter or a stream transformer does when it is done. */
  private static void release(Message<?> message) throws Exception {
    Closeable resource = StaticMessageHeaderAccessor.getCloseableResource(message);
    assertNotNull(resource);
    resource.close();
  }

  private long logins() throws Exception {
    application.sessions.destroy();
    return application.server.stop().controlHandshakes();
  }

  @Test
  void eachFileIsReceivedOnceAsAStream() throws Exception {
    application.put("a", "content of a");
    application.put("b", "content of b");
    List<String> contents = new ArrayList<>();
    for (Message<InputStream> message = source.receive();
        message != null;
        message = source.receive()) {
      String content = new String(message.getPayload().readAllBytes(), StandardCharsets.UTF_8);
      assertEquals("content of " + message.getHeaders().get(FileHeaders.REMOTE_FILE), content);
      contents.add(content);
      release(message);
    }
    assertEquals(2, contents.size());
    assertEquals(1, logins());
  }

  @Test
  void aStreamThatIsClosedEarlyLeavesItsSessionForTheNext() throws Exception {
    application.put("large", "x".repeat(5_000_000));
    application.put("next", "content");
    for (int i = 0; i < 2; i++) {
      Message<InputStream> message = source.receive();
      assertTrue(message.getPayload().read() >= 0);
      message.getPayload().close();
      release(message);
    }
    assertNull(source.receive());
    assertEquals(1, logins());
  }

  @Test
  void releasingTheSessionEndsTheStream() throws Exception {
    application.put("large", "x".repeat(5_000_000));
    Message<InputStream> message = source.receive();
    assertTrue(message.getPayload().read() >= 0);
    release(message);
    assertEquals(List.of("large"), application.names());
    assertEquals(1, logins());
  }

  @Test
  void withoutACacheReleasingClosesTheConnection() throws Exception {
    application.put("large", "x".repeat(5_000_000));
    FtpStreamingMessageSource single =
        application.initialized(
            Ftp.inboundStreamingAdapter(application.templateOf(application.factory))
                .remoteDirectory(application.home())
                .getObject());
    single.start();
    Message<InputStream> message = single.receive();
    assertTrue(message.getPayload().read() >= 0);
    NativeFtpsSession session =
        (NativeFtpsSession) StaticMessageHeaderAccessor.getCloseableResource(message);
    release(message);
    assertEquals(false, session.getClientInstance().isConnected());
  }
}
