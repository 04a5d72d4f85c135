package org.libftps.commonsnet;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPSClient;
import org.libftps.testing.TestServer;

/** Clients as applications set them up. */
final class Clients {
  private Clients() {}

  /** Logged in, binary. */
  static NativeFTPSClient loggedIn(TestServer server) throws IOException {
    return logIn(trusting(server), server);
  }

  static NativeFTPSClient trusting(TestServer server) throws IOException {
    return trusting(new NativeFTPSClient(), server);
  }

  static NativeFTPSClient trusting(NativeFTPSClient client, TestServer server) throws IOException {
    byte[] ca = server.ca();
    client.setOptions(builder -> builder.extraRootsPem(ca));
    return client;
  }

  static FTPSClient stock(TestServer server) throws IOException {
    FTPSClient client = logIn(new FTPSClient(), server);
    client.execPBSZ(0);
    client.execPROT("P");
    return client;
  }

  /** The same for both: that is what makes ours a replacement. */
  static <T extends FTPSClient> T logIn(T client, TestServer server) throws IOException {
    client.connect(server.host(), server.port());
    assertTrue(client.login(server.user(), server.password()), client.getReplyString());
    client.enterLocalPassiveMode();
    assertTrue(client.setFileType(FTP.BINARY_FILE_TYPE));
    return client;
  }

  static void store(FTPSClient client, String name, String content) throws IOException {
    assertTrue(client.storeFile(name, bytes(content)), client.getReplyString());
  }

  static String retrieve(FTPSClient client, String name) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    return client.retrieveFile(name, content) ? content.toString(StandardCharsets.UTF_8) : null;
  }

  static ByteArrayInputStream bytes(String content) {
    return new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8));
  }

  /** As an application makes one from a trust store. */
  static TrustManager trustManager(TestServer server) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry(
        "ca",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(server.ca())));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return trust.getTrustManagers()[0];
  }
}
