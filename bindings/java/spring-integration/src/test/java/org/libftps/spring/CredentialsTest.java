package org.libftps.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509TrustManager;
import org.apache.commons.net.ftp.FTPFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.libftps.testing.TestServer;
import org.libftps.testing.TokenProvider;
import org.springframework.integration.file.remote.session.Session;

/** Trust and key managers and key stores, given to the factory. */
class CredentialsTest {
  @TempDir private Path folder;

  private final TokenProvider token = new TokenProvider();

  @BeforeEach
  void plugIn() {
    Security.addProvider(token);
  }

  @AfterEach
  void pullOut() {
    Security.removeProvider(token.getName());
  }

  private static void transfer(TestServer server, Consumer<NativeFtpsSessionFactory> configuration)
      throws Exception {
    NativeFtpsSessionFactory factory = Application.factoryFor(server);
    configuration.accept(factory);
    try (Session<FTPFile> session = factory.getSession()) {
      session.write(new ByteArrayInputStream(new byte[3]), "/file");
      session.list("/");
    }
  }

  /** Decides by itself, and writes down what it was asked. */
  private static final class OwnTrust implements X509TrustManager {
    final List<X509Certificate[]> chains = new ArrayList<>();
    CertificateException refusal;

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      chains.add(chain);
      if (refusal != null) {
        throw refusal;
      }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {
      throw new AssertionError("this is a client");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @ParameterizedTest(name = "TLS {0}")
  @ValueSource(strings = {"1.2", "1.3"})
  void aTrustManagerOfOnesOwnIsAskedOnceASession(String tls) throws Exception {
    try (TestServer server = TestServer.strict("--tls", tls)) {
      OwnTrust trust = new OwnTrust();
      transfer(server, factory -> factory.setTrustManager(trust));
      assertEquals(1, trust.chains.size());
      assertEquals(2, server.stop().resumed());
    }
  }

  @Test
  void itsRefusalIsACauseOfTheExceptionAndNobodyIsLoggedIn() throws Exception {
    try (TestServer server = TestServer.strict()) {
      OwnTrust trust = new OwnTrust();
      trust.refusal = new CertificateException("not ours");
      Throwable thrown =
          assertThrows(
              IllegalStateException.class,
              () -> transfer(server, factory -> factory.setTrustManager(trust)));
      assertTrue(
          Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
              .anyMatch(cause -> cause == trust.refusal));
      assertEquals(0, server.stop().get("logins"));
    }
  }

  @Test
  void aTrustManagerOfTheJvmDecides() throws Exception {
    try (TestServer server = TestServer.strict();
        TestServer other = TestServer.strict()) {
      NativeFtpsSessionFactory factory =
          Application.configured(new NativeFtpsSessionFactory(), server);
      factory.setTrustManager(trustManager(server).getTrustManagers()[0]);
      factory.getSession().close();
      factory.setTrustManager(trustManager(other).getTrustManagers()[0]);
      assertThrows(IllegalStateException.class, factory::getSession);
    }
  }

  private static TrustManagerFactory trustManager(TestServer server) throws Exception {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(roots(server));
    return factory;
  }

  private static KeyStore roots(TestServer server) throws Exception {
    KeyStore roots = empty();
    roots.setCertificateEntry("ca", certificate(server.ca()));
    return roots;
  }

  private static KeyStore empty() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static X509Certificate certificate(byte[] pem) throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
  }

  // ---- The client's certificate

  private TestServer demanding(String tls) throws Exception {
    return TestServer.strict(
        "--tls", tls, "--client-certificate", "required", "--client-out", prefix());
  }

  private String prefix() {
    return folder.resolve("client").toString();
  }

  private X509Certificate[] chain() throws Exception {
    return new X509Certificate[] {certificate(Files.readAllBytes(Path.of(prefix() + ".pem")))};
  }

  private PrivateKey key() throws Exception {
    String pem = Files.readString(Path.of(prefix() + ".key"));
    byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----.*-----", ""));
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
  }

  @Test
  void aKeyManagerOfTheJvmGivesTheClientsCertificate() throws Exception {
    try (TestServer server = demanding("1.3")) {
      KeyStore store = empty();
      store.setKeyEntry("client", key(), new char[0], chain());
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, new char[0]);
      transfer(
          server,
          factory -> {
            factory.setKeyManager(keys.getKeyManagers()[0]);
            factory.setNeedClientAuth(true);
            factory.setWantsClientAuth(true);
          });
      assertThrows(IllegalStateException.class, () -> transfer(server, factory -> {}));
    }
  }

  /** Its key is in a token, and cannot be taken out. */
  private static class TokenKeys extends X509ExtendedKeyManager {
    private final PrivateKey key;
    private final X509Certificate[] chain;

    TokenKeys(PrivateKey key, X509Certificate[] chain) {
      this.key = key;
      this.chain = chain;
    }

    @Override
    public String chooseClientAlias(String[] types, Principal[] issuers, Socket socket) {
      return "client";
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
    public String[] getClientAliases(String type, Principal[] issuers) {
      return new String[] {"client"};
    }

    @Override
    public String[] getServerAliases(String type, Principal[] issuers) {
      return null;
    }

    @Override
    public String chooseServerAlias(String type, Principal[] issuers, Socket socket) {
      return null;
    }
  }

  @ParameterizedTest(name = "TLS {0}")
  @ValueSource(strings = {"1.2", "1.3"})
  void aKeyThatCannotBeTakenOutSignsOnceASession(String tls) throws Exception {
    try (TestServer server = demanding(tls)) {
      PrivateKey key = token.hold(key());
      assertNull(key.getEncoded());
      TokenKeys keys = new TokenKeys(key, chain());
      transfer(server, factory -> factory.setKeyManager(keys));
      assertEquals(List.of("SHA256withECDSA"), token.signatures());
      assertEquals(2, server.stop().resumed());
    }
  }

  @Test
  void keyStoresAreGivenByTheOptions() throws Exception {
    try (TestServer server = demanding("1.3")) {
      KeyStore roots = roots(server);
      KeyStore identity = TokenProvider.store("client", token.hold(key()), chain());
      transfer(
          server,
          factory ->
              factory.setOptions(
                  builder -> {
                    try {
                      builder.trustStore(roots).clientIdentity(identity, "client", null);
                    } catch (Exception e) {
                      throw new IllegalStateException(e);
                    }
                  }));
      assertEquals(List.of("SHA256withECDSA"), token.signatures());
    }
  }

  @Test
  void whatAKeyManagerThrowsIsACauseOfTheException() throws Exception {
    try (TestServer server = demanding("1.3")) {
      IllegalArgumentException failure = new IllegalArgumentException("pulled out");
      TokenKeys keys =
          new TokenKeys(token.hold(key()), chain()) {
            @Override
            public PrivateKey getPrivateKey(String alias) {
              throw failure;
            }
          };
      Throwable thrown =
          assertThrows(
              RuntimeException.class,
              () -> transfer(server, factory -> factory.setKeyManager(keys)));
      assertSame(
          failure,
          Stream.iterate(thrown, cause -> cause != null, Throwable::getCause)
              .reduce((outer, inner) -> inner)
              .orElseThrow());
    }
  }
}
