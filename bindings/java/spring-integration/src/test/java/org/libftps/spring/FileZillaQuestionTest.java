package org.libftps.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.util.List;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.util.TrustManagerUtils;
import org.junit.jupiter.api.Test;
import org.libftps.testing.Account;
import org.libftps.testing.TestServer;
import org.springframework.integration.file.remote.session.Session;
import org.springframework.integration.ftp.session.DefaultFtpsSessionFactory;

/**
 * The question that this project began with: Spring Integration, TLSv1.2, {@code
 * TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}, a FileZilla Server 0.9 that demands resumption, {@code
 * session.list("/")}.
 */
class FileZillaQuestionTest {
  private static final String SUITE = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";

  private static TestServer fileZilla() throws Exception {
    return TestServer.strict(
        "--tls", "1.2", "--key", "rsa", "--cipher-suite", SUITE, "--wording", "filezilla-0.9");
  }

  /** As it was in the question. */
  private static <T extends DefaultFtpsSessionFactory> T configured(T factory, TestServer server) {
    Application.configured(factory, server);
    factory.setClientMode(FTPClient.PASSIVE_LOCAL_DATA_CONNECTION_MODE);
    factory.setFileType(FTPClient.BINARY_FILE_TYPE);
    factory.setProtocol("TLSv1.2");
    factory.setProtocols(new String[] {"TLSv1.2"});
    factory.setCipherSuites(new String[] {SUITE});
    factory.setProt("P");
    return factory;
  }

  private static void putOrders(TestServer server) throws Exception {
    try (Session<FTPFile> session = Application.factoryFor(server).getSession()) {
      session.write(new ByteArrayInputStream("1;2".getBytes()), "/orders.csv");
    }
  }

  @Test
  void theStockFactorySeesAnEmptyDirectory() throws Exception {
    try (TestServer server = fileZilla()) {
      putOrders(server);
      DefaultFtpsSessionFactory stock = configured(new DefaultFtpsSessionFactory(), server);
      stock.setTrustManager(TrustManagerUtils.getAcceptAllTrustManager());
      try (Session<FTPFile> session = stock.getSession()) {
        assertEquals(0, session.list("/").length);
        FTPClient client = (FTPClient) session.getClientInstance();
        assertTrue(
            client
                .getReplyString()
                .startsWith("450 TLS session of data connection has not resumed"),
            client.getReplyString());
      }
      assertEquals(1, server.stop().refused());
    }
  }

  @Test
  void theNativeFactorySeesWhatIsThere() throws Exception {
    try (TestServer server = fileZilla()) {
      putOrders(server);
      NativeFtpsSessionFactory ours =
          Application.trusting(server, configured(new NativeFtpsSessionFactory(), server));
      try (Session<FTPFile> session = ours.getSession()) {
        assertEquals(List.of("orders.csv"), Application.names(session.list("/")));
      }
      assertEquals(1, ours.getStatistics().resumed());
      Account account = server.stop();
      assertEquals(0, account.refused());
      assertEquals(account.get("data_connections"), account.resumed());
    }
  }
}
