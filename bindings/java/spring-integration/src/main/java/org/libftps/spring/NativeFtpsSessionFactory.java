package org.libftps.spring;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPReply;
import org.apache.commons.net.ftp.FTPSClient;
import org.libftps.FtpsClient;
import org.libftps.Statistics;
import org.libftps.commonsnet.NativeFTPSClient;
import org.springframework.integration.ftp.session.DefaultFtpsSessionFactory;
import org.springframework.integration.ftp.session.FtpSession;
import org.springframework.util.StringUtils;

/**
 * A {@link DefaultFtpsSessionFactory} whose data connections always resume the TLS session of the
 * control connection.
 *
 * <p>Use it in place of {@code DefaultFtpsSessionFactory}; the setters are the same. The defaults
 * are the safe ones: passive mode, PROT P, binary files, certificate and host name checked. A
 * property that the native client cannot honour is refused by its setter, with an {@link
 * UnsupportedOperationException} that says what to do.
 *
 * <pre>{@code
 * NativeFtpsSessionFactory factory = new NativeFtpsSessionFactory();
 * factory.setHost("ftps.example.com");
 * factory.setUsername("user");
 * factory.setPassword("password");
 * }</pre>
 *
 * <p>Set the properties before the first session; any thread may ask for sessions then. A session
 * is for one thread at a time. {@code CachingSessionFactory} around this factory keeps sessions
 * open between uses, which saves the logins.
 */
public class NativeFtpsSessionFactory extends DefaultFtpsSessionFactory {
  private final ThreadLocal<FTPSClient> created = new ThreadLocal<>();
  private final AtomicReference<Statistics> counted = new AtomicReference<>(Statistics.none());
  private String protocol = "TLS";
  private boolean implicit;
  private Consumer<FtpsClient.Builder> options = builder -> {};

  /** A factory with the safe defaults. */
  public NativeFtpsSessionFactory() {
    super.setClientMode(FTPClient.PASSIVE_LOCAL_DATA_CONNECTION_MODE);
  }

  /**
   * Options of the native client that Spring Integration has no word for: pins, PEM files, the
   * resumption policy. They are applied after the other properties, each time a session is opened;
   * but {@link #setClientMode} decides who makes the data connections.
   *
   * @param options changes the builder of each client before it connects; default: none
   */
  public void setOptions(Consumer<FtpsClient.Builder> options) {
    this.options = options;
  }

  // ---- TLS --------------------------------------------------------------------------------------

  /**
   * Which TLS versions are offered.
   *
   * @param protocol {@code TLS}, {@code SSL} or {@code TLSv1.3} for 1.2 and 1.3, as the {@code
   *     SSLContext} of that name does; {@code TLSv1.2} for that alone. Default, also for null and
   *     empty: {@code TLS}
   */
  @Override
  public void setProtocol(String protocol) {
    String named = StringUtils.hasText(protocol) ? protocol : "TLS";
    new NativeFTPSClient(named);
    this.protocol = named;
    super.setProtocol(protocol);
  }

  /**
   * Which TLS versions are offered, in place of those of {@link #setProtocol}.
   *
   * @param protocols {@code TLSv1.2}, {@code TLSv1.3}; others are left out, and nothing but others
   *     is refused. Default: those of the protocol
   */
  @Override
  public void setProtocols(String[] protocols) {
    new NativeFTPSClient().setEnabledProtocols(protocols);
    super.setProtocols(protocols);
  }

  /**
   * Which cipher suites are offered, the preferred one first. Suites of one TLS version leave only
   * that version.
   *
   * @param cipherSuites IANA's names, for instance {@code TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256};
   *     those that the native client does not have (it has ECDHE with AES-GCM or ChaCha20-Poly1305)
   *     are left out, and nothing but those is refused. Default: all that it has
   */
  @Override
  public void setCipherSuites(String[] cipherSuites) {
    new NativeFTPSClient().setEnabledCipherSuites(cipherSuites);
    super.setCipherSuites(cipherSuites);
  }

  /**
   * TLS from the first byte. The port stays what {@link #setPort} says, 21 by default: set it to
   * 990.
   *
   * @param implicit default: false, TLS begins with AUTH TLS
   */
  @Override
  public void setImplicit(boolean implicit) {
    this.implicit = implicit;
    super.setImplicit(implicit);
  }

  /**
   * How TLS is asked for.
   *
   * @param authValue {@code TLS}, which is the default; anything else is refused
   */
  @Override
  public void setAuthValue(String authValue) {
    if (StringUtils.hasText(authValue)) {
      new NativeFTPSClient().setAuthValue(authValue);
    }
    super.setAuthValue(authValue);
  }

  /**
   * Only P, which is the default: the login sends it.
   *
   * @param prot {@code P}
   */
  @Override
  public void setProt(String prot) {
    if (!"P".equals(prot)) {
      throw refusal(
          "prot " + prot, "data connections are always protected: leave it out, or say P");
    }
    super.setProt(prot);
  }

  /**
   * Whose certificates are trusted.
   *
   * @param trustManager one that {@link NativeFTPSClient#setTrustManager} takes; default, also
   *     null: what the JVM trusts. The host name is checked besides
   */
  @Override
  public void setTrustManager(TrustManager trustManager) {
    new NativeFTPSClient().setTrustManager(trustManager);
    super.setTrustManager(trustManager);
  }

  /**
   * The client's certificate and key.
   *
   * @param keyManager one that {@link NativeFTPSClient#setKeyManager} takes; default, also null:
   *     none
   */
  @Override
  public void setKeyManager(KeyManager keyManager) {
    new NativeFTPSClient().setKeyManager(keyManager);
    super.setKeyManager(keyManager);
  }

  /**
   * Whether new TLS sessions may be made.
   *
   * @param sessionCreation true, which is the default; false is refused
   */
  @Override
  public void setSessionCreation(Boolean sessionCreation) {
    if (Boolean.FALSE.equals(sessionCreation)) {
      new NativeFTPSClient().setEnabledSessionCreation(false);
    }
    super.setSessionCreation(sessionCreation);
  }

  /**
   * Which side of TLS this is.
   *
   * @param useClientMode true, which is the default; false is refused
   */
  @Override
  public void setUseClientMode(Boolean useClientMode) {
    if (Boolean.FALSE.equals(useClientMode)) {
      new NativeFTPSClient().setUseClientMode(false);
    }
    super.setUseClientMode(useClientMode);
  }

  /**
   * Has no effect: it is about what a TLS server demands. A client sends its certificate where
   * {@link #setKeyManager} gave one and the server asks for it.
   *
   * @param needClientAuth anything
   */
  @Override
  public void setNeedClientAuth(Boolean needClientAuth) {
    super.setNeedClientAuth(needClientAuth);
  }

  /**
   * Has no effect: it is about what a TLS server demands. A client sends its certificate where
   * {@link #setKeyManager} gave one and the server asks for it.
   *
   * @param wantsClientAuth anything
   */
  @Override
  public void setWantsClientAuth(Boolean wantsClientAuth) {
    super.setWantsClientAuth(wantsClientAuth);
  }

  // ---- Connections and transfers
  // ------------------------------------------------------------------

  /**
   * Who makes the data connections. In active mode the client listens on any free port of its own
   * address; {@code setActivePortRange} and its like say which ports and addresses, when {@link
   * #postProcessClientBeforeConnect} is overridden and calls them on its client.
   *
   * @param clientMode {@code PASSIVE_LOCAL_DATA_CONNECTION_MODE}, which is the default, or {@code
   *     ACTIVE_LOCAL_DATA_CONNECTION_MODE}
   */
  @Override
  public void setClientMode(int clientMode) {
    super.setClientMode(clientMode);
  }

  /**
   * How files are represented.
   *
   * @param fileType {@code BINARY_FILE_TYPE}, which is the default, or {@code ASCII_FILE_TYPE},
   *     which converts line ends; others are refused
   */
  @Override
  public void setFileType(int fileType) {
    if (fileType != FTP.BINARY_FILE_TYPE && fileType != FTP.ASCII_FILE_TYPE) {
      throw refusal("fileType " + fileType, "use BINARY_FILE_TYPE or ASCII_FILE_TYPE");
    }
    super.setFileType(fileType);
  }

  /**
   * How long name resolution, the TCP connection and the TLS handshake together may take.
   *
   * @param connectTimeout milliseconds; default, also 0: 30 s
   */
  @Override
  public void setConnectTimeout(int connectTimeout) {
    super.setConnectTimeout(notNegative("connectTimeout", connectTimeout));
  }

  /**
   * How long one whole reply of the server may take.
   *
   * @param defaultTimeout milliseconds; default, also 0: 60 s
   */
  @Override
  public void setDefaultTimeout(int defaultTimeout) {
    super.setDefaultTimeout(notNegative("defaultTimeout", defaultTimeout));
  }

  /**
   * How long a data connection may be silent.
   *
   * @param dataTimeout milliseconds; default, also 0: 60 s
   */
  @Override
  public void setDataTimeout(int dataTimeout) {
    super.setDataTimeout(notNegative("dataTimeout", dataTimeout));
  }

  private static int notNegative(String name, int timeout) {
    if (timeout < 0) {
      throw new IllegalArgumentException(name + " is not negative: " + timeout);
    }
    return timeout;
  }

  private static UnsupportedOperationException refusal(String what, String instead) {
    return new UnsupportedOperationException(
        what + " is not supported by NativeFtpsSessionFactory: " + instead);
  }

  // ---- Sessions
  // -----------------------------------------------------------------------------------

  /**
   * A new session, logged in. When that fails, the connection is closed.
   *
   * @throws IllegalStateException the cause says why, with the server's reply
   */
  @Override
  public FtpSession getSession() {
    boolean opened = false;
    try {
      NativeFTPSClient client = (NativeFTPSClient) super.getSession().getClientInstance();
      checkFileType(client);
      opened = true;
      return new NativeFtpsSession(client, this::count);
    } finally {
      FTPSClient client = created.get();
      created.remove();
      if (!opened && client != null) {
        closeQuietly(client);
      }
    }
  }

  @Override
  protected FTPSClient createClientInstance() {
    NativeFTPSClient client = new NativeFTPSClient(protocol, implicit);
    client.setOptions(options);
    created.set(client);
    return client;
  }

  /** Does nothing: the login has sent PBSZ and PROT P already. */
  @Override
  protected void postProcessClientAfterConnect(FTPSClient client) throws IOException {}

  /** The superclass sends TYPE last, and does not look at the reply. */
  private static void checkFileType(FTPClient client) {
    if (!FTPReply.isPositiveCompletion(client.getReplyCode())) {
      throw new IllegalStateException(
          "The file type was refused. The response from the server is: " + client.getReplyString());
    }
  }

  private void closeQuietly(FTPClient client) {
    try {
      client.disconnect();
    } catch (IOException e) {
      logger.debug("closing a client whose login failed", e);
    }
  }

  // ---- Statistics
  // ---------------------------------------------------------------------------------

  /**
   * What all sessions of this factory have counted together, each up to the end of its last
   * operation, closed ones included. {@code full()} other than 0 tells of a server that does not
   * let data connections resume; sessions inside a {@code CachingSessionFactory} count too.
   *
   * @return the sums
   */
  public Statistics getStatistics() {
    return counted.get();
  }

  private void count(Statistics more) {
    counted.accumulateAndGet(more, Statistics::plus);
  }
}
