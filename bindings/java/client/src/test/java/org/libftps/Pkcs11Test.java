package org.libftps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Provider;
import java.security.Security;
import java.security.cert.Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.libftps.testing.TestServer;

/** A client's key in a PKCS #11 token, which SoftHSM is, as the JVM makes one its own. */
class Pkcs11Test {
  private static final String PIN = "1234";

  /** For all tests: the library looks for tokens once in a process. */
  @TempDir static Path tokens;

  private static Provider provider;

  @TempDir Path folder;

  @BeforeAll
  static void plugIn() throws Exception {
    Path configuration = Path.of(System.getenv("SOFTHSM2_CONF"));
    Files.writeString(configuration, "directories.tokendir = " + tokens + "\n");
    initializeToken();
    String settings =
        "--name = softhsm\n"
            + "library = /usr/lib/softhsm/libsofthsm2.so\n"
            + "slotListIndex = 0\n"
            + "attributes(*, CKO_PRIVATE_KEY, *) = {\n"
            + "  CKA_SENSITIVE = true\n"
            + "  CKA_EXTRACTABLE = false\n"
            + "}\n";
    provider = Security.getProvider("SunPKCS11").configure(settings);
    Security.addProvider(provider);
  }

  private static void initializeToken() throws IOException, InterruptedException {
    List<String> command =
        List.of(
            "softhsm2-util",
            "--init-token",
            "--free",
            "--label",
            "t",
            "--so-pin",
            PIN,
            "--pin",
            PIN);
    Process process = new ProcessBuilder(command).inheritIO().start();
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    assertEquals(0, process.exitValue());
  }

  @AfterAll
  static void pullOut() {
    Security.removeProvider(provider.getName());
  }

  @ParameterizedTest(name = "TLS {0}, {1}")
  @CsvSource({"1.2, p256", "1.3, p256", "1.2, rsa", "1.3, rsa"})
  void itsKeySignsAndStaysThere(String tls, String kind) throws Exception {
    Path prefix = folder.resolve("client");
    try (TestServer server =
        TestServer.strict(
            "--tls",
            tls,
            "--key",
            kind,
            "--client-certificate",
            "required",
            "--client-out",
            "" + prefix)) {
      KeyStore store = KeyStore.getInstance("PKCS11", provider);
      store.load(null, PIN.toCharArray());
      Certificate[] chain = {Stores.clientCertificate(prefix)};
      store.setKeyEntry("client", Stores.clientKey(prefix), null, chain);
      assertNull(store.getKey("client", null).getEncoded());

      FtpsClient.Builder builder = Clients.builder(server).clientIdentity(store, "client", null);
      try (FtpsClient client = Clients.login(server, builder)) {
        client.list("");
        client.quit();
      }
      assertEquals(1, server.stop().resumed());
    }
  }
}
