package org.libftps.commonsnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.ConsumerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.commons.net.ftp.FTPFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.libftps.testing.Account;
import org.libftps.testing.Fragment;
import org.libftps.testing.JvmTrust;
import org.libftps.testing.TestServer;

/** What {@code docs/migration.md} says of Commons Net and Camel, done to the letter. */
class MigrationTest {
  private static final List<String> IMPORTS =
      List.of(
          "java.io.*",
          "org.apache.camel.CamelContext",
          "org.apache.camel.builder.RouteBuilder",
          "org.apache.commons.net.ftp.*",
          "org.libftps.commonsnet.NativeFTPSClient");

  @TempDir private Path folder;

  private static Fragment fragment(String heading) throws IOException {
    List<Fragment> fragments = Fragment.below("docs/migration.md", heading);
    assertEquals(1, fragments.size());
    return fragments.get(0);
  }

  private Method compile(String parameters, String code) throws Exception {
    return Fragment.compile(folder, IMPORTS, parameters, code);
  }

  @Test
  void commonsNet() throws Exception {
    Fragment fragment = fragment("## Commons Net");
    compile("", fragment.before() + "return files;");
    try (TestServer server = TestServer.strict();
        JvmTrust trust = JvmTrust.in(folder, server)) {
      String code =
          fragment.after().replace("ftps.example.com\", 21", "127.0.0.1\", " + server.port());
      FTPFile[] files = (FTPFile[]) Fragment.run(compile("", code + "return files;"));
      assertEquals("report.csv", files[0].getName());
      Account account = server.stop();
      assertEquals(2, account.resumed());
      assertEquals(0, account.get("data_active"));
    }
  }

  @Test
  void camel() throws Exception {
    Fragment fragment = fragment("## Camel");
    compile("CamelContext camel", fragment.before() + "return null;");
    try (TestServer server = TestServer.strict();
        JvmTrust trust = JvmTrust.in(folder, server);
        CamelContext camel = new DefaultCamelContext();
        ConsumerTemplate orders = camel.createConsumerTemplate()) {
      NativeFTPSClient partner = Clients.loggedIn(server);
      assertTrue(partner.makeDirectory("in"));
      Clients.store(partner, "in/order.csv", "1;2");
      partner.disconnect();
      String local = "file:" + folder.resolve("orders");
      String code =
          fragment
              .after()
              .replace("ftps.example.com:21", "127.0.0.1:" + server.port())
              .replace("file:orders", local);
      Fragment.run(compile("CamelContext camel", code + "return null;"), camel);
      camel.start();
      assertEquals("1;2", orders.receiveBody(local, 30_000, String.class));
    }
  }
}
