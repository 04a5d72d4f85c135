package org.libftps.commonsnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.camel.ConsumerTemplate;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.libftps.testing.Account;
import org.libftps.testing.TestServer;

/** Camel on a server that demands resumption, with endpoints whose {@code ftpClient} is ours. */
class CamelTest {
  private TestServer server;
  private DefaultCamelContext camel;

  @BeforeEach
  void start() throws Exception {
    server = TestServer.strict();
    camel = new DefaultCamelContext();
    camel.getRegistry().bind("reading", Clients.trusting(server));
    camel.getRegistry().bind("writing", Clients.trusting(server));
    camel.start();
  }

  @AfterEach
  void stop() throws Exception {
    camel.close();
    server.close();
  }

  private String uri(String folder, String options) {
    return "ftps://user@127.0.0.1:"
        + server.port()
        + "/"
        + folder
        + "?password=password&passiveMode=true&binary=true&"
        + options;
  }

  @Test
  void aRoutePollsAndUploads() throws Exception {
    int files = 20;
    NativeFTPSClient observer = Clients.loggedIn(server);
    observer.makeDirectory("in");
    for (int i = 0; i < files; i++) {
      Clients.store(observer, "in/" + i + ".csv", "content " + i);
    }
    CountDownLatch routed = new CountDownLatch(files);
    camel.addRoutes(
        new RouteBuilder() {
          @Override
          public void configure() {
            from(uri("in", "ftpClient=#reading&delete=true&delay=100"))
                .process(
                    exchange ->
                        exchange
                            .getIn()
                            .setBody(exchange.getIn().getBody(String.class).toUpperCase()))
                .to(uri("out", "ftpClient=#writing&tempPrefix=."))
                .process(exchange -> routed.countDown());
          }
        });
    assertTrue(routed.await(60, TimeUnit.SECONDS), routed.getCount() + " left");
    camel.stop();

    assertEquals("CONTENT 7", Clients.retrieve(observer, "out/7.csv"));
    assertEquals(files, observer.listNames("out").length);
    assertEquals(0, observer.listFiles("in").length);
    observer.disconnect();
    assertAllResumed(server.stop());
  }

  @Test
  void filesAreWrittenAppendedAndReceived() throws Exception {
    ProducerTemplate producer = camel.createProducerTemplate();
    String writing = uri("out", "ftpClient=#writing&fileExist=Append&stepwise=false");
    producer.sendBodyAndHeader(writing, "one", Exchange.FILE_NAME, "a.txt");
    producer.sendBodyAndHeader(writing, "two", Exchange.FILE_NAME, "a.txt");

    String reading = uri("out", "ftpClient=#reading&move=done&streamDownload=true&stepwise=false");
    try (ConsumerTemplate consumer = camel.createConsumerTemplate()) {
      Exchange received = consumer.receive(reading, 10_000);
      assertEquals("onetwo", received.getIn().getBody(String.class));
      consumer.doneUoW(received);
    }

    NativeFTPSClient observer = Clients.loggedIn(server);
    assertEquals("onetwo", Clients.retrieve(observer, "out/done/a.txt"));
    assertNull(Clients.retrieve(observer, "out/a.txt"));
    observer.disconnect();
    camel.stop();
    assertAllResumed(server.stop());
  }

  /** Camel does not ask for active mode, but counts on it. */
  @Test
  void withoutPassiveModeTheServerConnects() throws Exception {
    ProducerTemplate producer = camel.createProducerTemplate();
    String passive = uri("out", "ftpClient=#writing&stepwise=false");
    String active = passive.replace("passiveMode=true", "passiveMode=false");
    for (int i = 0; i < 6; i++) {
      producer.sendBodyAndHeader(active, "content", Exchange.FILE_NAME, i + ".txt");
    }
    camel.stop();
    Account account = server.stop();
    assertEquals(6, account.get("data_active"));
    assertAllResumed(account);
  }

  private static void assertAllResumed(Account account) {
    assertTrue(account.resumed() > 5, account.toString());
    assertEquals(0, account.full());
    assertEquals(0, account.refused());
  }
}
