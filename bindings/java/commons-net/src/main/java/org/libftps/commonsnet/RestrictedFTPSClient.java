package org.libftps.commonsnet;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Reader;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.Set;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import org.apache.commons.net.ftp.FTPReply;
import org.apache.commons.net.ftp.FTPSClient;
import org.libftps.ActiveMode;
import org.libftps.TlsVersion;

/**
 * An {@code FTPSClient} without what the native client cannot do: setters take the defaults and
 * refuse the rest.
 */
abstract class RestrictedFTPSClient extends FTPSClient {
  private static final String BETWEEN_SERVERS =
      "a transfer between two servers has no TLS session that both could resume";
  private static final String ONE_LOCAL_ADDRESS =
      "all connections have the local address that connect was given";

  private final Set<TlsVersion> protocolVersions;
  private final ActiveSettings activeSettings = new ActiveSettings();
  private KeyManager keyManager;
  private Proxy proxy;

  RestrictedFTPSClient(String protocol, boolean isImplicit) {
    super(protocol, isImplicit);
    protocolVersions = TlsSettings.versionsOf(protocol);
    super.setTrustManager(null);
    super.setEndpointCheckingEnabled(true);
  }

  /** What the enabled protocols and cipher suites leave. */
  final Set<TlsVersion> versions() {
    Set<TlsVersion> versions =
        getProtocols() == null
            ? new LinkedHashSet<>(protocolVersions)
            : TlsSettings.enabledVersions(getProtocols());
    if (getSuites() != null) {
      versions.retainAll(TlsSettings.versionsOfSuites(getSuites()));
    }
    return versions;
  }

  // ---- TLS

  /**
   * Always {@code P}; anything else is refused. Not needed, since the login protects data
   * connections.
   */
  @Override
  public void execPROT(String prot) throws SSLException, IOException {
    if (FTPReply.COMMAND_OK != sendCommand("PROT", prot == null ? "C" : prot)) {
      throw new SSLException(getReplyString());
    }
  }

  /** Not supported: {@code connect} has done it. */
  @Override
  protected void execAUTH() {
    throw Refusals.of("execAUTH()", "connect has done it");
  }

  /** Not supported: {@code connect} has done it. */
  @Override
  protected void sslNegotiation() {
    throw Refusals.of("sslNegotiation()", "connect has done it");
  }

  /** Not supported: there is no Java socket to act on. */
  @Override
  protected void _connectAction_() {
    throw Refusals.of("_connectAction_()", "there is no Java socket to act on");
  }

  /** Not supported: there is no Java socket to act on. */
  @Override
  protected void _connectAction_(Reader socketIsReader) {
    throw Refusals.of("_connectAction_(Reader)", "there is no Java socket to act on");
  }

  /** Not supported: there is no Java socket to write to. */
  @Override
  protected OutputStream checkOpenOutputStream() {
    throw Refusals.of("checkOpenOutputStream()", "there is no Java socket to write to");
  }

  /** Only {@code TLS}. */
  @Override
  public void setAuthValue(String auth) {
    if (!"TLS".equals(auth)) {
      throw Refusals.of("AUTH " + auth, "the native client sends AUTH TLS");
    }
    super.setAuthValue(auth);
  }

  /**
   * Who decides on the server's certificates: null, the default, for what the JVM trusts, or an
   * {@code X509TrustManager}; others are refused. The host name is checked besides: see {@link
   * #setEndpointCheckingEnabled}.
   *
   * <p><b>Insecure:</b> {@code TrustManagerUtils.getAcceptAllTrustManager()} switches every check
   * off.
   */
  @Override
  public void setTrustManager(TrustManager trustManager) {
    Credentials.checkTrust(trustManager);
    super.setTrustManager(trustManager);
  }

  /** The client's certificate and key: an {@code X509KeyManager}, or null for none. */
  @Override
  public void setKeyManager(KeyManager keyManager) {
    Credentials.checkKey(keyManager);
    this.keyManager = keyManager;
    super.setKeyManager(keyManager);
  }

  /** Commons Net has no getter for it. */
  final KeyManager keyManager() {
    return keyManager;
  }

  /** Not supported, but for null: the native client checks the name itself. */
  @Override
  public void setHostnameVerifier(HostnameVerifier verifier) {
    if (verifier != null) {
      throw Refusals.of("setHostnameVerifier", "the native client checks the name itself");
    }
    super.setHostnameVerifier(null);
  }

  /**
   * {@code TLSv1.2} and {@code TLSv1.3}; others are left out, and nothing else than others is
   * refused.
   */
  @Override
  public void setEnabledProtocols(String[] protocols) {
    TlsSettings.enabledVersions(protocols);
    super.setEnabledProtocols(protocols);
  }

  /**
   * Offers these suites alone, the preferred one first. Those that the native client does not have
   * (it has ECDHE with AES-GCM or ChaCha20-Poly1305) are left out; a list without any other is
   * refused. Suites of one TLS version leave only that version.
   */
  @Override
  public void setEnabledCipherSuites(String[] suites) {
    TlsSettings.versionsOfSuites(suites);
    super.setEnabledCipherSuites(suites);
  }

  /** What was set; null when nothing was. */
  @Override
  public String[] getEnabledProtocols() {
    return getProtocols();
  }

  /** What was set; null when nothing was. */
  @Override
  public String[] getEnabledCipherSuites() {
    return getSuites();
  }

  /** Always true: refused otherwise. */
  @Override
  public boolean getEnableSessionCreation() {
    return isCreation();
  }

  /** Always true: refused otherwise. */
  @Override
  public boolean getUseClientMode() {
    return isClientMode();
  }

  /** Only true. */
  @Override
  public void setUseClientMode(boolean isClientMode) {
    if (!isClientMode) {
      throw Refusals.of("setUseClientMode(false)", "the native client is a TLS client");
    }
  }

  /** Only true. */
  @Override
  public void setEnabledSessionCreation(boolean isCreation) {
    if (!isCreation) {
      throw Refusals.of(
          "setEnabledSessionCreation(false)", "a control connection begins with a new session");
    }
  }

  // ---- Sockets, addresses and modes

  /**
   * How long a reply is waited for, in milliseconds; 0 is 60 s. It takes effect at once, until
   * {@code disconnect}; {@code setDefaultTimeout} is for later connections.
   *
   * @throws SocketException the client is not connected
   */
  @Override
  public void setSoTimeout(int timeout) throws SocketException {
    if (_socket_ == null) {
      throw new SocketException("not connected: use setDefaultTimeout before connect");
    }
    _socket_.setSoTimeout(timeout);
  }

  @Override
  public int getSoTimeout() throws SocketException {
    return _socket_ == null ? getDefaultTimeout() : _socket_.getSoTimeout();
  }

  /** Not supported: the native client does not tell it. */
  @Override
  public InetAddress getLocalAddress() {
    throw Refusals.of("getLocalAddress", "the native client does not tell it");
  }

  /** Not supported: the native client does not tell it. */
  @Override
  public int getLocalPort() {
    throw Refusals.of("getLocalPort", "the native client does not tell it");
  }

  /** Not supported, but for null: the native client makes its sockets itself. */
  @Override
  public void setSocketFactory(SocketFactory factory) {
    if (factory != null) {
      throw Refusals.of("setSocketFactory", "the native client makes its sockets itself");
    }
    super.setSocketFactory(null);
  }

  /** Not supported, but for null: the native client makes its sockets itself. */
  @Override
  public void setServerSocketFactory(ServerSocketFactory factory) {
    if (factory != null) {
      throw Refusals.of("setServerSocketFactory", "the native client makes its sockets itself");
    }
    super.setServerSocketFactory(null);
  }

  /**
   * The proxy that all connections go through from the next {@code connect} on, SOCKS5 or HTTP
   * CONNECT; null for none. It resolves the server's name. Call {@link #enterLocalPassiveMode}: in
   * active mode nobody could call back. Where it wants to know who asks, {@code setOptions} with an
   * {@code FtpsProxy} of credentials says so.
   */
  @Override
  public void setProxy(Proxy proxy) {
    this.proxy = proxy;
  }

  @Override
  public Proxy getProxy() {
    return proxy;
  }

  /**
   * The ports to listen on in active mode, those that a firewall lets through; any free port when
   * {@code minPort} is 0. Unlike with {@code FTPSClient} it holds for later connections too, and so
   * may be set before {@code connect}.
   *
   * @throws IllegalArgumentException there is no such range
   */
  @Override
  public void setActivePortRange(int minPort, int maxPort) {
    activeSettings.ports(minPort, maxPort);
  }

  /**
   * The address to listen on in active mode, which the server is told too; null for this end's
   * address of the control connection. It holds for later connections too.
   */
  @Override
  public void setActiveExternalIPAddress(String address) throws UnknownHostException {
    activeSettings.listenOn(address);
  }

  /**
   * The address to tell the server in active mode, where that is another than the one that is
   * listened on: the outer one of a NAT. It holds for later connections too.
   */
  @Override
  public void setReportActiveExternalIPAddress(String address) throws UnknownHostException {
    activeSettings.announce(address);
  }

  /**
   * Whether in active mode connections of other peers than the server are passed over, which is the
   * default. Otherwise whoever connects first is taken, and must prove in TLS that it is the
   * server. In passive mode it has no effect: data connections go where the control connection
   * goes.
   */
  @Override
  public void setRemoteVerificationEnabled(boolean enable) {
    super.setRemoteVerificationEnabled(enable);
  }

  /** Has no effect: EPSV comes first anyway, and PASV where the server does not know EPSV. */
  @Override
  public void setUseEPSVwithIPv4(boolean selected) {
    super.setUseEPSVwithIPv4(selected);
  }

  /** Has no effect: the native client reads the replies, and what is none is an exception. */
  @Override
  public void setStrictReplyParsing(boolean strictReplyParsing) {
    super.setStrictReplyParsing(strictReplyParsing);
  }

  /** Null in passive mode. */
  final ActiveMode activeMode() {
    return getDataConnectionMode() == ACTIVE_LOCAL_DATA_CONNECTION_MODE
        ? activeSettings.mode(isRemoteVerificationEnabled())
        : null;
  }

  /** Not supported: a transfer between two servers has no TLS session that both could resume. */
  @Override
  public boolean enterRemoteActiveMode(InetAddress host, int port) {
    throw Refusals.of("enterRemoteActiveMode", BETWEEN_SERVERS);
  }

  /** Not supported: a transfer between two servers has no TLS session that both could resume. */
  @Override
  public boolean enterRemotePassiveMode() {
    throw Refusals.of("enterRemotePassiveMode", BETWEEN_SERVERS);
  }

  /** Not supported, but for null: all connections have the local address that connect was given. */
  @Override
  public void setPassiveLocalIPAddress(InetAddress address) {
    if (address != null) {
      throw Refusals.of("setPassiveLocalIPAddress", ONE_LOCAL_ADDRESS);
    }
    super.setPassiveLocalIPAddress(address);
  }

  /** Not supported: all connections have the local address that connect was given. */
  @Override
  public void setPassiveLocalIPAddress(String address) {
    throw Refusals.of("setPassiveLocalIPAddress", ONE_LOCAL_ADDRESS);
  }

  /**
   * Not supported, but for null: data connections go to the control connection's peer, or with
   * {@link #setIpAddressFromPasvResponse} where PASV says.
   */
  @Override
  public void setPassiveNatWorkaroundStrategy(HostnameResolver resolver) {
    if (resolver != null) {
      throw Refusals.of(
          "setPassiveNatWorkaroundStrategy",
          "data connections go to the control connection's peer");
    }
    super.setPassiveNatWorkaroundStrategy(null);
  }
}
