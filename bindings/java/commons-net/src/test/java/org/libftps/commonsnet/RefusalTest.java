package org.libftps.commonsnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.apache.commons.net.ftp.FTP;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What cannot work says so, and does not wait for a server. */
class RefusalTest {
  private final NativeFTPSClient client = new NativeFTPSClient();

  private static void assertRefused(String name, Executable call) {
    UnsupportedOperationException refusal = assertThrows(UnsupportedOperationException.class, call);
    assertTrue(refusal.getMessage().contains(name), refusal.getMessage());
  }

  @Test
  void theSslContextConstructorIsRefused() throws Exception {
    SSLContext context = SSLContext.getDefault();
    assertRefused("SSLContext", () -> new NativeFTPSClient(context));
    assertRefused("SSLContext", () -> new NativeFTPSClient(true, context));
  }

  @Test
  void onlyStreamModeIsTaken() {
    assertRefused("MODE Z", () -> client.setFileTransferMode(FTP.DEFLATE_TRANSFER_MODE));
    assertRefused("MODE B", () -> client.mode(FTP.BLOCK_TRANSFER_MODE));
  }

  @Test
  void unprotectedDataConnectionsAreRefused() {
    assertRefused("PROT C", () -> client.execPROT("C"));
    assertRefused("PROT C", () -> client.execPROT(null));
  }

  @Test
  void oldProtocolsAndForeignSuitesAreRefused() {
    assertRefused("TLSv1.1", () -> new NativeFTPSClient("TLSv1.1"));
    assertRefused("TLSv1", () -> client.setEnabledProtocols(new String[] {"TLSv1"}));
    assertRefused(
        "CBC", () -> client.setEnabledCipherSuites(new String[] {"TLS_RSA_WITH_AES_128_CBC_SHA"}));
  }

  @Test
  void managersThatAreNotForCertificatesAreRefused() {
    assertRefused("trust manager", () -> client.setTrustManager(new TrustManager() {}));
    assertRefused("key manager", () -> client.setKeyManager(new KeyManager() {}));
  }

  @Test
  void aLocalPortIsRefused() {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    assertRefused("local port", () -> client.connect("localhost", 21, loopback, 2000));
    assertRefused("local port", () -> client.connect(loopback, 21, loopback, 2000));
  }

  @Test
  void aVerbIsFoundWhereverItIsWritten() {
    assertRefused("AUTH", () -> client.sendCommand("AUTH TLS"));
  }

  @Test
  void whatSetsTheDefaultIsTaken() {
    client.setSocketFactory(null);
    client.setProxy(null);
    client.setKeyManager(null);
    client.setHostnameVerifier(null);
    client.setEndpointCheckingEnabled(true);
    client.setUseClientMode(true);
    client.setEnabledSessionCreation(true);
    client.setAuthValue("TLS");
    client.enterLocalPassiveMode();
    assertEquals("TLS", client.getAuthValue());
  }
}
