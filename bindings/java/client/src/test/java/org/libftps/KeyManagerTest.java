package org.libftps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.libftps.Failures.assertFails;

import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.Security;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509KeyManager;
import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.libftps.testing.TestServer;
import org.libftps.testing.TokenProvider;

/** The client's certificate from a key manager, and keys that sign where they are. */
class KeyManagerTest {
  @TempDir Path folder;

  private final TokenProvider token = new TokenProvider();

  @BeforeEach
  void plugIn() {
    Security.addProvider(token);
  }

  @AfterEach
  void pullOut() {
    Security.removeProvider(token.getName());
  }

  /** Hands out one key, and writes down what it is asked. */
  private static final class Recorder implements X509KeyManager {
    final List<List<String>> keyTypes = Collections.synchronizedList(new ArrayList<>());
    final List<Principal[]> issuers = Collections.synchronizedList(new ArrayList<>());
    X509Certificate[] chain;
    PrivateKey key;
    RuntimeException throwing;

    @Override
    public String chooseClientAlias(String[] types, Principal[] authorities, Socket socket) {
      assertNull(socket);
      keyTypes.add(Arrays.asList(types));
      issuers.add(authorities);
      if (throwing != null) {
        throw throwing;
      }
      return key == null ? null : "client";
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return chain;
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return key;
    }

    @Override
    public String[] getClientAliases(String type, Principal[] authorities) {
      throw new AssertionError("nobody asks that");
    }

    @Override
    public String chooseServerAlias(String type, Principal[] authorities, Socket socket) {
      throw new AssertionError("this is a client");
    }

    @Override
    public String[] getServerAliases(String type, Principal[] authorities) {
      throw new AssertionError("this is a client");
    }
  }

  private TestServer server(String tls, String key, String need) throws Exception {
    String prefix = folder.resolve("client").toString();
    return TestServer.strict(
        "--tls", tls, "--key", key, "--client-certificate", need, "--client-out", prefix);
  }

  private Recorder exportable() throws Exception {
    Recorder manager = new Recorder();
    manager.chain = new X509Certificate[] {Stores.clientCertificate(folder.resolve("client"))};
    manager.key = Stores.clientKey(folder.resolve("client"));
    return manager;
  }

  /** With the key behind the token. */
  private Recorder inToken() throws Exception {
    Recorder manager = exportable();
    manager.key = token.hold(manager.key);
    assertNull(manager.key.getEncoded());
    return manager;
  }

  private static void listAs(X509KeyManager manager, TestServer server) throws Exception {
    FtpsClient.Builder builder = Clients.builder(server).keyManager(manager);
    try (FtpsClient client = Clients.login(server, builder)) {
      client.list("");
      client.quit();
    }
    assertEquals(1, server.stop().resumed());
  }

  @ParameterizedTest(name = "TLS {0}, {1}")
  @CsvSource({
    "1.2, p256",
    "1.3, p256",
    "1.2, rsa",
    "1.3, rsa",
    "1.2, ed25519",
    "1.3, ed25519",
  })
  void anExportableKeyIsHandedOver(String tls, String kind) throws Exception {
    try (TestServer server = server(tls, kind, "required")) {
      listAs(exportable(), server);
    }
  }

  @ParameterizedTest(name = "TLS {0}, {1} by {2}")
  @CsvSource({
    "1.2, p256, SHA256withECDSA",
    "1.3, p256, SHA256withECDSA",
    "1.2, rsa, RSASSA-PSS",
    "1.3, rsa, RSASSA-PSS",
    "1.2, ed25519, Ed25519",
    "1.3, ed25519, Ed25519"
  })
  void aKeyThatCannotBeTakenOutSignsWhereItIs(String tls, String kind, String algorithm)
      throws Exception {
    try (TestServer server = server(tls, kind, "required")) {
      listAs(inToken(), server);
      assertEquals(List.of(algorithm), token.signatures());
    }
  }

  @Test
  void aTokenWithoutRsaPssSignsByPkcs1UnderTls12() throws Exception {
    token.forget("RSASSA-PSS");
    try (TestServer server = server("1.2", "rsa", "required")) {
      listAs(inToken(), server);
      assertEquals(List.of("SHA256withRSA"), token.signatures());
    }
  }

  @Test
  void aTokenOfAKeyStoreIsUsedByItsAlias() throws Exception {
    try (TestServer server = server("1.3", "p256", "required")) {
      Recorder manager = inToken();
      KeyStore store = TokenProvider.store("client", manager.key, manager.chain);
      FtpsClient.Builder builder = Clients.builder(server).clientIdentity(store, "client", null);
      Clients.login(server, builder).close();
      assertEquals(List.of("SHA256withECDSA"), token.signatures());
    }
  }

  @Test
  void theJvmsOwnKeyManagerChoosesAsItDoesForJsse() throws Exception {
    try (TestServer server = server("1.3", "p256", "required")) {
      Recorder manager = exportable();
      KeyStore store = Stores.empty();
      store.setKeyEntry("client", manager.key, Stores.PASSWORD, manager.chain);
      for (String algorithm : List.of("SunX509", "NewSunX509")) {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(algorithm);
        factory.init(store, Stores.PASSWORD);
        X509KeyManager chosen = (X509KeyManager) factory.getKeyManagers()[0];
        Clients.login(server, Clients.builder(server).keyManager(chosen)).close();
      }
    }
  }

  @ParameterizedTest(name = "TLS {0}")
  @ValueSource(strings = {"1.2", "1.3"})
  void itIsToldWhatTheServerTakesAndAskedOnceALogin(String tls) throws Exception {
    try (TestServer server = server(tls, "p256", "required")) {
      Recorder manager = exportable();
      listAs(manager, server);
      assertEquals(List.of(List.of("EC", "EdDSA", "RSA")), manager.keyTypes);
      X500Principal ca = Stores.certificate(server.ca()).getSubjectX500Principal();
      assertEquals(List.of(ca), Arrays.asList(manager.issuers.get(0)));
    }
  }

  @Test
  void aServerThatDoesNotAskGetsNothing() throws Exception {
    try (TestServer server = TestServer.strict()) {
      Recorder manager = new Recorder();
      listAs(manager, server);
      assertEquals(List.of(), manager.keyTypes);
    }
  }

  @Test
  void whereNoKeyFitsTheHandshakeGoesOnWithout() throws Exception {
    try (TestServer server = server("1.3", "p256", "optional")) {
      listAs(new Recorder(), server);
    }
    try (TestServer server = server("1.3", "p256", "required")) {
      FtpsClient.Builder builder = Clients.builder(server).keyManager(new Recorder());
      assertThrows(FtpsException.class, () -> Clients.login(server, builder));
    }
  }

  @Test
  void aTokenThatCannotSignByWhatTheServerTakesIsAsGoodAsNone() throws Exception {
    token.forget("RSASSA-PSS");
    try (TestServer server = server("1.3", "rsa", "optional")) {
      listAs(inToken(), server);
    }
    assertEquals(List.of(), token.signatures());
  }

  @ParameterizedTest(name = "TLS {0}")
  @ValueSource(strings = {"1.2", "1.3"})
  void aSignatureThatFailsIsTheCauseAndNobodyIsLoggedIn(String tls) throws Exception {
    try (TestServer server = server(tls, "p256", "optional")) {
      FtpsClient.Builder builder = Clients.builder(server).keyManager(inToken());
      token.fail(new SignatureException("pulled out"));
      FtpsException failure = assertFails("local", builder::connect);
      assertTrue(failure.getCause() instanceof SignatureException, failure::toString);
      assertTrue(failure.getMessage().contains("pulled out"), failure::getMessage);
      ProviderException unchecked = new ProviderException();
      token.fail(unchecked);
      assertSame(unchecked, assertThrows(ProviderException.class, builder::connect));
      assertEquals(0, server.stop().get("logins"));
    }
  }

  @Test
  void whatTheManagerThrowsReachesTheCallerUnchangedAndNobodyIsLoggedIn() throws Exception {
    try (TestServer server = server("1.3", "p256", "optional")) {
      Recorder manager = new Recorder();
      manager.throwing = new IllegalStateException();
      FtpsClient.Builder builder = Clients.builder(server).keyManager(manager);
      assertSame(manager.throwing, assertThrows(RuntimeException.class, builder::connect));
      assertEquals(0, server.stop().get("logins"));
    }
  }

  @ParameterizedTest(name = "TLS {0}")
  @ValueSource(strings = {"1.2", "1.3"})
  void aTokenSignsOnTheThreadsOfAPlanAndWhatItThrowsReachesTheCaller(String tls) throws Exception {
    try (TestServer server = server(tls, "p256", "required")) {
      FtpsClient.Builder builder = Clients.builder(server).keyManager(inToken());
      try (FtpsClient client = Clients.login(server, builder);
          FtpsPool pool = builder.pool(server.user(), server.password()).build()) {
        client.upload("file").close();
        Mirror mirror = Mirror.download("/", folder.resolve("copy"));
        MirrorPlan failing = mirror.plan(client);
        ProviderException thrown = new ProviderException();
        token.fail(thrown);
        assertSame(
            thrown, assertThrows(ProviderException.class, () -> failing.execute(pool, null)));
        token.fail(null);
        int before = token.signatures().size();
        assertTrue(mirror.plan(client).execute(pool, null).isComplete());
        assertTrue(token.signatures().size() > before, token.signatures()::toString);
        assertEquals(1, server.stop().get("uploads_completed"));
      }
    }
  }
}
