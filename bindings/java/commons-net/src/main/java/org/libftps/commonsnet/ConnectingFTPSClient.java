package org.libftps.commonsnet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.libftps.FtpsClient;
import org.libftps.FtpsException;
import org.libftps.FtpsReply;
import org.libftps.Security;

/** Opens and ends the native connection, and keeps its replies where Commons Net looks for them. */
abstract class ConnectingFTPSClient extends RestrictedFTPSClient {
  private static final int ANY_PORT = -1;

  final Dialogue dialogue = new Dialogue(new Listeners());
  private Consumer<FtpsClient.Builder> options = builder -> {};
  private final ConnectingThread connecting = new ConnectingThread();
  private InetAddress bindAddress;
  private Duration keepAlive = Duration.ZERO;
  private volatile FtpsClient client;
  private volatile ConnectionState state = new ConnectionState();

  ConnectingFTPSClient(String protocol, boolean isImplicit) {
    super(protocol, isImplicit);
  }

  /** Applied last, each time it connects. */
  final void applyWhenConnecting(Consumer<FtpsClient.Builder> options) {
    this.options = options;
  }

  @Override
  public void connect(InetAddress host, int port) throws SocketException, IOException {
    connect(host, port, null, ANY_PORT);
  }

  /**
   * Data connections come from the local address too.
   *
   * @param localAddress null for the system's choice
   * @param localPort only 0 and -1: any port
   */
  @Override
  public void connect(InetAddress host, int port, InetAddress localAddress, int localPort)
      throws SocketException, IOException {
    checkAnyPort(localPort);
    String given = host.toString();
    String name = given.substring(0, given.indexOf('/'));
    _hostname_ = null;
    bindAddress = localAddress;
    open(new InetSocketAddress(host, port), host.getHostAddress(), name);
  }

  /** As {@link #connect(InetAddress, int, InetAddress, int)}. */
  @Override
  public void connect(String host, int port, InetAddress localAddress, int localPort)
      throws SocketException, IOException {
    checkAnyPort(localPort);
    bindAddress = localAddress;
    open(addressOf(host, port), host, "");
    _hostname_ = host;
  }

  /** Behind a proxy the proxy resolves the name. */
  private InetSocketAddress addressOf(String host, int port) throws UnknownHostException {
    if (!Proxies.isNone(getProxy())) {
      return InetSocketAddress.createUnresolved(host, port);
    }
    InetSocketAddress remote = new InetSocketAddress(host, port);
    if (remote.isUnresolved()) {
      throw new UnknownHostException(host);
    }
    return remote;
  }

  private static void checkAnyPort(int localPort) {
    if (localPort != 0 && localPort != ANY_PORT) {
      throw Refusals.of("connecting from a local port", "the system chooses it");
    }
  }

  private void open(InetSocketAddress remote, String host, String tlsName) throws IOException {
    disconnect();
    remoteInetSocketAddress = remote;
    FtpsClient.Builder builder = FtpsClient.builder(host).port(remote.getPort());
    if (!tlsName.isEmpty()) {
      builder.tlsServerName(tlsName);
    }
    configure(builder);
    FtpsClient connected = connect(builder);
    _socket_ = new ControlSocket(connected, remote, getDefaultTimeout());
    client = connected;
    FtpsReply last = dialogue.last();
    if (getAutodetectUTF8() && (hasFeature("UTF8") || hasFeature("UTF-8"))) {
      setControlEncoding("UTF-8");
    }
    record(last);
  }

  private FtpsClient connect(FtpsClient.Builder builder) throws IOException {
    try {
      return connecting.connect(builder);
    } catch (FtpsException e) {
      record(e);
      throw Failures.ofConnecting(e, dialogue);
    }
  }

  private void configure(FtpsClient.Builder builder) {
    builder.security(isImplicit() ? Security.IMPLICIT : Security.EXPLICIT);
    builder.trustPassiveAddress(isIpAddressFromPasvResponse());
    builder.connectTimeout(Timeouts.ofConnecting(getConnectTimeout()));
    builder.replyTimeout(Timeouts.ofReplies(getDefaultTimeout()));
    builder.dataTimeout(Timeouts.ofData(getDataTimeout()));
    builder.keepAlive(Timeouts.ofKeepAlive(keepAlive));
    builder.bindAddress(bindAddress).proxy(Proxies.of(getProxy()));
    TlsSettings.applyVersions(versions(), builder);
    TlsSettings.applySuites(getSuites(), builder);
    Credentials.applyTrust(getTrustManager(), builder);
    Credentials.applyKey(keyManager(), builder);
    builder.checkServerName(isEndpointCheckingEnabled());
    builder.charset(ControlText.BYTES).dialogueListener(dialogue);
    options.accept(builder);
  }

  // ---- Timeouts, which hold from the next wait on

  /**
   * How long the TCP connection and the TLS handshake may take, in milliseconds; 0 is 30 s. While
   * connected, it holds for data connections at once.
   */
  @Override
  public void setConnectTimeout(int timeout) {
    super.setConnectTimeout(timeout);
    change(connected -> connected.setConnectTimeout(Timeouts.ofConnecting(timeout)));
  }

  /**
   * How long a data connection may be silent; null and 0 are 60 s. While connected, it takes effect
   * at once.
   */
  @Override
  public void setDataTimeout(Duration timeout) {
    super.setDataTimeout(timeout);
    change(connected -> connected.setDataTimeout(Timeouts.ofData(getDataTimeout())));
  }

  /** In milliseconds; see {@link #setDataTimeout(Duration)}. */
  @Override
  @Deprecated
  public void setDataTimeout(int timeout) {
    setDataTimeout(Duration.ofMillis(timeout));
  }

  /**
   * After how much silence of the control connection a NOOP is sent during a transfer; null and 0
   * are never. While connected, it takes effect at once. Replies are not waited for: {@code
   * setControlKeepAliveReplyTimeout} has no effect.
   */
  @Override
  public void setControlKeepAliveTimeout(Duration timeout) {
    // Not told to FTPClient, which would send NOOPs of its own.
    keepAlive = timeout == null ? Duration.ZERO : timeout;
    change(connected -> connected.setKeepAlive(Timeouts.ofKeepAlive(keepAlive)));
  }

  /** In seconds; see {@link #setControlKeepAliveTimeout(Duration)}. */
  @Override
  @Deprecated
  public void setControlKeepAliveTimeout(long seconds) {
    setControlKeepAliveTimeout(Duration.ofSeconds(seconds));
  }

  @Override
  public Duration getControlKeepAliveTimeoutDuration() {
    return keepAlive;
  }

  @Override
  @Deprecated
  public long getControlKeepAliveTimeout() {
    return keepAlive.getSeconds();
  }

  private interface Change {
    void on(FtpsClient connected) throws IOException;
  }

  private void change(Change change) {
    FtpsClient connected = client;
    if (connected == null) {
      return;
    }
    try {
      change.on(connected);
    } catch (IOException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  // ---- The connection's end

  /**
   * Ends the connection. From another thread it also ends what is going on there. Does nothing when
   * there is none.
   */
  @Override
  public void disconnect() throws IOException {
    connecting.abandon();
    FtpsClient ended = client;
    client = null;
    state = new ConnectionState();
    if (ended != null) {
      ended.abort();
      ended.close();
    }
    super.disconnect();
  }

  @Override
  public boolean isConnected() {
    return client != null;
  }

  @Override
  public boolean isAvailable() {
    FtpsClient connected = client;
    return connected != null && connected.isUsable();
  }

  final FtpsClient connection() throws IOException {
    FtpsClient connected = client;
    if (connected == null) {
      throw new IOException("Connection is not open");
    }
    return connected;
  }

  final ConnectionState state() {
    return state;
  }

  // ---- Replies that Commons Net can be asked for

  final int record(String line) {
    return record(
        Integer.parseInt(line.substring(0, REPLY_CODE_LEN)), Collections.singletonList(line));
  }

  final int record(FtpsReply reply) {
    return record(reply.code(), ControlText.lines(reply, getControlEncoding()));
  }

  final void record(FtpsException e) {
    FtpsReply last = dialogue.last();
    if (last != null && last.code() == e.replyCode()) {
      record(last);
    } else if (e.replyCode() > 0) {
      record(e.replyCode() + " " + e.replyText());
    }
  }

  final int record(int code, List<String> lines) {
    _replyCode = code;
    _replyLines.clear();
    _replyLines.addAll(lines);
    _newReplyString = true;
    return code;
  }

  /** Keeps the reply readable, and gives the exception to throw. */
  final IOException failed(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof FtpsException) {
        record((FtpsException) cause);
        break;
      }
    }
    return Failures.explained(e, isAvailable());
  }

  private final class Listeners implements Dialogue.Observer {
    @Override
    public void commandSent(String verb, String line) {
      fireCommandSent(verb, ControlText.fromNative(line, getControlEncoding()) + NETASCII_EOL);
    }

    @Override
    public void replyReceived(FtpsReply reply) {
      record(reply);
      fireReplyReceived(reply.code(), getReplyString());
    }
  }
}
