package org.libftps.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPClientConfig;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPSClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.libftps.commonsnet.NativeFTPSClient;
import org.libftps.testing.Account;
import org.libftps.testing.TestServer;
import org.springframework.integration.file.remote.session.Session;
import org.springframework.integration.ftp.session.DefaultFtpsSessionFactory;

/**
 * What becomes of every property of {@code DefaultFtpsSessionFactory}: it is honoured, it takes its
 * default alone and refuses the rest, or it means nothing to a TLS client. A setter that a new
 * version brings is found here.
 */
class FactoryPropertiesTest {
  private static final Set<String> HONOURED =
      Set.of(
          "setHost",
          "setPort",
          "setUsername",
          "setPassword",
          "setProtocol",
          "setProtocols",
          "setCipherSuites",
          "setImplicit",
          "setTrustManager",
          "setKeyManager",
          "setClientMode",
          "setFileType",
          "setConnectTimeout",
          "setDefaultTimeout",
          "setDataTimeout",
          "setControlEncoding",
          "setConfig",
          "setBufferSize");
  private static final Map<String, Object> TAKES_ITS_DEFAULT_ALONE =
      Map.of(
          "setAuthValue",
          "SSL",
          "setProt",
          "C",
          "setSessionCreation",
          false,
          "setUseClientMode",
          false);
  private static final Set<String> WITHOUT_EFFECT =
      Set.of("setNeedClientAuth", "setWantsClientAuth");

  /** By name, each of the nearest class. */
  private static Map<String, Method> setters() {
    return Arrays.stream(DefaultFtpsSessionFactory.class.getMethods())
        .filter(method -> method.getName().startsWith("set"))
        .filter(method -> !Modifier.isStatic(method.getModifiers()))
        .collect(Collectors.toMap(Method::getName, method -> method, (a, b) -> a, TreeMap::new));
  }

  private static void open(TestServer server, Consumer<NativeFtpsSessionFactory> configuration)
      throws Exception {
    NativeFtpsSessionFactory factory = Application.factoryFor(server);
    configuration.accept(factory);
    try (Session<FTPFile> session = factory.getSession()) {
      session.list("/");
    }
  }

  private static void assertRefused(String what, Executable setter) {
    String message = assertThrows(UnsupportedOperationException.class, setter).getMessage();
    assertTrue(message.contains(what) && message.contains("not supported"), message);
  }

  private static void assertFailsSoon(Executable call) {
    assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertThrows(Exception.class, call));
  }

  @Test
  void everySetterOfThisVersionIsClassified() {
    Set<String> classified = new TreeSet<>(HONOURED);
    classified.addAll(TAKES_ITS_DEFAULT_ALONE.keySet());
    classified.addAll(WITHOUT_EFFECT);
    assertEquals(classified, setters().keySet());
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
  void whatTakesItsDefaultAloneRefusesTheRestAtOnce() throws Exception {
    for (Map.Entry<String, Object> property : TAKES_ITS_DEFAULT_ALONE.entrySet()) {
      Method setter = setters().get(property.getKey());
      Throwable refusal =
          assertThrows(
                  Exception.class,
                  () -> setter.invoke(new NativeFtpsSessionFactory(), property.getValue()),
                  property.getKey())
              .getCause();
      assertEquals(UnsupportedOperationException.class, refusal.getClass(), property.getKey());
      assertTrue(refusal.getMessage().contains("not supported"), refusal.getMessage());
    }
  }

  @Test
  void theDefaultsAndWhatMeansNothingToAClientAreTaken() throws Exception {
    try (TestServer server = TestServer.strict()) {
      open(
          server,
          factory -> {
            factory.setAuthValue("TLS");
            factory.setProt("P");
            factory.setSessionCreation(true);
            factory.setUseClientMode(true);
            factory.setNeedClientAuth(true);
            factory.setWantsClientAuth(true);
            factory.setProtocol(null);
            factory.setTrustManager(null);
            factory.setKeyManager(null);
          });
    }
  }

  @Test
  void theProtocolChoosesTheVersions() throws Exception {
    try (TestServer server = TestServer.strict("--tls", "1.3")) {
      open(server, factory -> factory.setProtocol("TLS"));
      open(server, factory -> factory.setProtocols(new String[] {"TLSv1.3"}));
      assertThrows(
          IllegalStateException.class,
          () -> open(server, factory -> factory.setProtocol("TLSv1.2")));
      assertThrows(
          IllegalStateException.class,
          () -> open(server, factory -> factory.setProtocols(new String[] {"TLSv1.2"})));
    }
    assertRefused("TLSv1.1", () -> new NativeFtpsSessionFactory().setProtocol("TLSv1.1"));
    assertRefused(
        "TLSv1.1",
        () -> new NativeFtpsSessionFactory().setProtocols(new String[] {"TLSv1", "TLSv1.1"}));
  }

  @Test
  void cipherSuitesAreThoseThatWereNamed() throws Exception {
    String named = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";
    try (TestServer server =
        TestServer.strict("--tls", "1.2", "--key", "rsa", "--cipher-suite", named)) {
      open(server, factory -> factory.setCipherSuites(new String[] {named}));
      assertThrows(
          IllegalStateException.class,
          () ->
              open(
                  server,
                  factory ->
                      factory.setCipherSuites(
                          new String[] {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"})));
    }
    assertRefused(
        "TLS_RSA_WITH_AES_128_CBC_SHA",
        () ->
            new NativeFtpsSessionFactory()
                .setCipherSuites(new String[] {"TLS_RSA_WITH_AES_128_CBC_SHA"}));
  }

  @Test
  void implicitTlsBeginsAtOnce() throws Exception {
    try (TestServer server = TestServer.strict("--implicit")) {
      open(server, factory -> factory.setImplicit(true));
    }
  }

  @Test
  void theConnectTimeoutEndsAHandshake() throws Exception {
    try (TestServer server = TestServer.strict("--fault", "@control-handshake=stall")) {
      assertFailsSoon(() -> open(server, factory -> factory.setConnectTimeout(300)));
    }
  }

  @Test
  void theDefaultTimeoutEndsTheWaitForAReply() throws Exception {
    try (TestServer server = TestServer.strict("--fault", "USER@reply=stall")) {
      assertFailsSoon(() -> open(server, factory -> factory.setDefaultTimeout(300)));
    }
  }

  @Test
  void theDataTimeoutEndsTheSilenceOfADataConnection() throws Exception {
    try (TestServer server = TestServer.strict("--sample-files", "--fault", "LIST@byte:1=stall")) {
      assertFailsSoon(() -> open(server, factory -> factory.setDataTimeout(300)));
    }
  }

  @Test
  void theClientModeChoosesWhoMakesTheDataConnections() throws Exception {
    int[] modes = {
      FTPClient.ACTIVE_LOCAL_DATA_CONNECTION_MODE, FTPClient.PASSIVE_LOCAL_DATA_CONNECTION_MODE
    };
    for (int mode : modes) {
      try (Application application = new Application(TestServer.strict("--tls", "1.2"))) {
        application.factory.setClientMode(mode);
        application.put("file", "content");
        assertEquals("content", application.get("file"));
        assertEquals(List.of("file"), application.names());
        boolean active =
            application.commands.stream().anyMatch(command -> command.matches("(EPRT|PORT) .*"));
        assertEquals(mode == FTPClient.ACTIVE_LOCAL_DATA_CONNECTION_MODE, active);
        assertEquals(3, application.server.stop().resumed());
      }
    }
  }

  @Test
  void theActivePortsAreTheClients() throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFtpsSessionFactory factory =
          Application.trusting(
              server,
              Application.configured(
                  new NativeFtpsSessionFactory() {
                    @Override
                    protected void postProcessClientBeforeConnect(FTPSClient client) {
                      super.postProcessClientBeforeConnect(client);
                      client.setActivePortRange(20_000, 20_000);
                    }
                  },
                  server));
      factory.setClientMode(FTPClient.ACTIVE_LOCAL_DATA_CONNECTION_MODE);
      try (Session<FTPFile> session = factory.getSession();
          ServerSocket taken = new ServerSocket(20_000)) {
        assertThrows(IOException.class, () -> session.list("/"));
        taken.close();
        session.list("/");
      }
    }
  }

  /** The stock factory is active by default, and says so to the client. */
  @Test
  void theStockFactoryCanMakeOurClients() throws Exception {
    try (TestServer server = TestServer.strict()) {
      DefaultFtpsSessionFactory stock =
          Application.configured(new StockFactory(server.ca()), server);
      try (Session<FTPFile> session = stock.getSession()) {
        session.write(new ByteArrayInputStream(new byte[3]), "/file");
        assertEquals(1, session.list("/").length);
      }
      stock.setClientMode(FTPClient.PASSIVE_LOCAL_DATA_CONNECTION_MODE);
      try (Session<FTPFile> session = stock.getSession()) {
        assertEquals(1, session.list("/").length);
      }
      Account account = server.stop();
      assertEquals(2, account.get("data_active"));
      assertEquals(3, account.resumed());
    }
  }

  private static final class StockFactory extends DefaultFtpsSessionFactory {
    private final byte[] ca;

    StockFactory(byte[] ca) {
      this.ca = ca;
    }

    @Override
    protected FTPSClient createClientInstance() {
      NativeFTPSClient client = new NativeFTPSClient();
      client.setOptions(builder -> builder.extraRootsPem(ca));
      return client;
    }
  }

  @Test
  void timeoutsAreNotNegative() {
    NativeFtpsSessionFactory factory = new NativeFtpsSessionFactory();
    assertThrows(IllegalArgumentException.class, () -> factory.setConnectTimeout(-1));
    assertThrows(IllegalArgumentException.class, () -> factory.setDefaultTimeout(-1));
    assertThrows(IllegalArgumentException.class, () -> factory.setDataTimeout(-1));
  }

  @Test
  void fileNamesAreInTheControlEncoding() throws Exception {
    try (Application application = new Application(TestServer.strict("--latin1"))) {
      application.put("Prüfung", "content");
      assertEquals(List.of("Prüfung"), application.names());
    }
    try (Application application = new Application(TestServer.strict())) {
      application.factory.setControlEncoding("UTF-8");
      application.put("検査", "content");
      assertEquals(List.of("検査"), application.names());
    }
  }

  @Test
  void asciiFilesHaveTheirLineEndsConverted() throws Exception {
    try (Application application = new Application(TestServer.strict())) {
      NativeFtpsSessionFactory ascii = Application.factoryFor(application.server);
      ascii.setFileType(FTP.ASCII_FILE_TYPE);
      try (Session<FTPFile> session = ascii.getSession()) {
        session.write(new ByteArrayInputStream("a\nb".getBytes()), "/file");
      }
      assertEquals("a\r\nb", application.get("file"));
    }
    assertRefused(
        "fileType", () -> new NativeFtpsSessionFactory().setFileType(FTP.EBCDIC_FILE_TYPE));
  }

  @Test
  void theConfigurationChoosesTheListingsParser() throws Exception {
    try (Application application = new Application(TestServer.strict("--listing", "dos"))) {
      application.factory.setConfig(new FTPClientConfig(FTPClientConfig.SYST_NT));
      application.put("file", "content");
      assertEquals(List.of("file"), application.names());
    }
  }

  @Test
  void theBufferSizeIsTheClients() throws Exception {
    try (TestServer server = TestServer.strict()) {
      NativeFtpsSessionFactory factory = Application.factoryFor(server);
      factory.setBufferSize(12_345);
      try (Session<FTPFile> session = factory.getSession()) {
        assertEquals(12_345, ((FTPClient) session.getClientInstance()).getBufferSize());
      }
    }
  }

  @Test
  void subclassesCanChangeTheClient() throws Exception {
    try (TestServer server = TestServer.strict("--latin1", "--feature", "UTF8")) {
      NativeFtpsSessionFactory factory =
          Application.trusting(
              server,
              Application.configured(
                  new NativeFtpsSessionFactory() {
                    @Override
                    protected void postProcessClientBeforeConnect(FTPSClient client) {
                      super.postProcessClientBeforeConnect(client);
                      client.setAutodetectUTF8(true);
                    }
                  },
                  server));
      try (Session<FTPFile> session = factory.getSession()) {
        assertEquals("UTF-8", ((FTPClient) session.getClientInstance()).getControlEncoding());
      }
    }
  }
}
