package org.libftps.spring;

import java.io.IOException;
import java.util.function.Consumer;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPSClient;
import org.libftps.FtpsClient;
import org.libftps.commonsnet.NativeFTPSClient;
import org.springframework.integration.ftp.session.DefaultFtpsSessionFactory;
import org.springframework.integration.ftp.session.FtpSession;

/**
 * A {@link DefaultFtpsSessionFactory} whose data connections always resume the TLS session of the
 * control connection.
 *
 * <p>Use it in place of {@code DefaultFtpsSessionFactory}; the setters are the same. The defaults
 * are the safe ones: passive mode, PROT P, binary files, certificate and host name checked.
 *
 * <pre>{@code
 * NativeFtpsSessionFactory factory = new NativeFtpsSessionFactory();
 * factory.setHost("ftps.example.com");
 * factory.setUsername("user");
 * factory.setPassword("password");
 * }</pre>
 */
public class NativeFtpsSessionFactory extends DefaultFtpsSessionFactory {
  private final ThreadLocal<NativeFTPSClient> created = new ThreadLocal<>();
  private String protocol = "TLS";
  private boolean implicit;
  private Consumer<FtpsClient.Builder> options = builder -> {};

  /** A factory with the safe defaults. */
  public NativeFtpsSessionFactory() {
    super.setClientMode(FTPClient.PASSIVE_LOCAL_DATA_CONNECTION_MODE);
  }

  /**
   * Options of the native client that Spring Integration has no word for: pins, PEM files, the
   * resumption policy.
   *
   * @param options changes the builder of each client before it connects
   */
  public void setOptions(Consumer<FtpsClient.Builder> options) {
    this.options = options;
  }

  /**
   * Which TLS versions are offered.
   *
   * @param protocol {@code TLS} (the default) or {@code TLSv1.3} for 1.2 and 1.3, {@code TLSv1.2}
   *     for that alone
   */
  @Override
  public void setProtocol(String protocol) {
    this.protocol = protocol;
    super.setProtocol(protocol);
  }

  @Override
  public void setImplicit(boolean implicit) {
    this.implicit = implicit;
    super.setImplicit(implicit);
  }

  /**
   * Only passive mode, which is the default.
   *
   * @param clientMode {@code PASSIVE_LOCAL_DATA_CONNECTION_MODE}
   */
  @Override
  public void setClientMode(int clientMode) {
    if (clientMode != FTPClient.PASSIVE_LOCAL_DATA_CONNECTION_MODE) {
      throw new UnsupportedOperationException(
          "NativeFtpsSessionFactory supports passive mode only (clientMode PASSIVE_LOCAL_DATA_CONNECTION_MODE)");
    }
    super.setClientMode(clientMode);
  }

  /**
   * Only P, which is the default.
   *
   * @param prot {@code P}
   */
  @Override
  public void setProt(String prot) {
    if (!"P".equals(prot)) {
      throw new UnsupportedOperationException(
          "NativeFtpsSessionFactory always protects data connections (prot P)");
    }
    super.setProt(prot);
  }

  @Override
  protected FTPSClient createClientInstance() {
    NativeFTPSClient client = new NativeFTPSClient(protocol, implicit);
    client.setOptions(options);
    created.set(client);
    return client;
  }

  /** A new session, logged in. When the login fails, the connection is closed. */
  @Override
  public FtpSession getSession() {
    boolean opened = false;
    try {
      NativeFTPSClient client = (NativeFTPSClient) super.getSession().getClientInstance();
      opened = true;
      return new NativeFtpsSession(client);
    } finally {
      NativeFTPSClient client = created.get();
      created.remove();
      if (!opened && client != null) {
        closeQuietly(client);
      }
    }
  }

  private void closeQuietly(NativeFTPSClient client) {
    try {
      client.disconnect();
    } catch (IOException e) {
      logger.debug("closing a client whose login failed", e);
    }
  }
}
