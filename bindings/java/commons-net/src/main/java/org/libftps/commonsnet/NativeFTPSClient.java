package org.libftps.commonsnet;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.apache.commons.net.ftp.FTPReply;
import org.apache.commons.net.ftp.FTPSClient;
import org.apache.commons.net.io.CopyStreamException;
import org.libftps.Direction;
import org.libftps.FtpsClient;
import org.libftps.FtpsException;
import org.libftps.FtpsReply;
import org.libftps.FtpsTransfer;
import org.libftps.Security;
import org.libftps.Statistics;

/**
 * An {@link FTPSClient} whose data connections always resume the TLS session of the control
 * connection.
 *
 * <p>Use it wherever an {@code FTPSClient} is expected. Connections, TLS and transfers are the
 * native client's; parsers, listeners, listing options, restart and ASCII conversion are Commons
 * Net's own. It differs from {@code FTPSClient} in this:
 *
 * <ul>
 *   <li>Data connections are passive and protected (PROT P) from the login on, without {@code
 *       execPBSZ} and {@code execPROT}.
 *   <li>Certificates are verified against what the JVM trusts, and the host name is checked, unless
 *       a trust manager says otherwise.
 *   <li>A refused data connection, 421, 425, 426 and I/O failures are exceptions with the reply in
 *       the message, never null or an empty listing. An ordinary 450 or 550 gives null, false or an
 *       empty array, as ever.
 *   <li>An upload whose source fails is aborted, so that the server does not take a part for the
 *       whole.
 *   <li>What cannot work is refused with an {@link UnsupportedOperationException} that names it.
 * </ul>
 *
 * <p>One instance can connect any number of times. It is for one thread at a time; only {@link
 * #disconnect} may be called from another thread, and ends what is going on.
 */
public class NativeFTPSClient extends RestrictedFTPSClient {
  private static final String PASSWORD_EXPECTED = "331 The user name is sent with the password.";
  private static final String BEGUN = "150 The data connection is open.";
  private static final String ABORTED = "426 The transfer was aborted by the client.";

  private final Dialogue dialogue = new Dialogue(new Listeners());
  private Consumer<FtpsClient.Builder> options = builder -> {};
  private volatile FtpsClient client;
  private volatile PendingTransfer pending;
  private String user;
  private String password;

  /** What Commons Net takes the type for, and what the server was told. */
  private String wantedType = "A";

  private String serverType = "A";

  /** From a REST that the caller sent himself; it holds for the next command only. */
  private long markedOffset;

  /** Explicit TLS ({@code AUTH TLS}), TLS 1.2 or 1.3. */
  public NativeFTPSClient() {
    this("TLS", false);
  }

  /**
   * TLS 1.2 or 1.3.
   *
   * @param isImplicit TLS from the first byte, port 990 by default
   */
  public NativeFTPSClient(boolean isImplicit) {
    this("TLS", isImplicit);
  }

  /**
   * Explicit TLS.
   *
   * @param protocol {@code TLS} or {@code TLSv1.3} for both versions, {@code TLSv1.2} for that
   *     alone
   */
  public NativeFTPSClient(String protocol) {
    this(protocol, false);
  }

  /**
   * A client that is not connected yet.
   *
   * @param protocol {@code TLS} or {@code TLSv1.3} for both versions, {@code TLSv1.2} for that
   *     alone
   * @param isImplicit TLS from the first byte, port 990 by default
   */
  public NativeFTPSClient(String protocol, boolean isImplicit) {
    super(protocol, isImplicit);
    super.enterLocalPassiveMode();
  }

  /**
   * Not supported: the native client has no {@code SSLContext}.
   *
   * @param context not used
   */
  public NativeFTPSClient(SSLContext context) {
    this(false, context);
  }

  /**
   * Not supported: the native client has no {@code SSLContext}.
   *
   * @param isImplicit not used
   * @param context not used
   */
  public NativeFTPSClient(boolean isImplicit, SSLContext context) {
    this(isImplicit);
    throw Refusals.of(
        "the SSLContext constructor", "use setTrustManager and setEnabledProtocols, or setOptions");
  }

  /**
   * Options of the native client that Commons Net has no word for: pins, PEM files, the resumption
   * policy. They are applied last, each time this client connects.
   *
   * @param options changes the builder it is given
   */
  public void setOptions(Consumer<FtpsClient.Builder> options) {
    this.options = options;
  }

  /**
   * What the native client has counted since {@code connect}: how many data connections resumed,
   * for instance.
   *
   * @return the counters
   * @throws IOException when the client is not connected
   */
  public Statistics getStatistics() throws IOException {
    return connection().statistics();
  }

  // ---- Connecting -------------------------------------------------------------------------------

  @Override
  public void connect(InetAddress host, int port) throws SocketException, IOException {
    String given = host.toString();
    String name = given.substring(0, given.indexOf('/'));
    _hostname_ = null;
    open(new InetSocketAddress(host, port), host.getHostAddress(), name);
  }

  @Override
  public void connect(InetAddress host, int port, InetAddress localAddress, int localPort)
      throws SocketException, IOException {
    checkNoLocalAddress(localAddress);
    connect(host, port);
  }

  @Override
  public void connect(String host, int port, InetAddress localAddress, int localPort)
      throws SocketException, IOException {
    checkNoLocalAddress(localAddress);
    InetSocketAddress remote = new InetSocketAddress(host, port);
    if (remote.isUnresolved()) {
      throw new UnknownHostException(host);
    }
    open(remote, host, "");
    _hostname_ = host;
  }

  private static void checkNoLocalAddress(InetAddress localAddress) {
    if (localAddress != null) {
      throw Refusals.of("connecting from a local address", "the native client chooses it");
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
    try {
      client = builder.connect();
    } catch (FtpsException e) {
      throw failed(e);
    }
    _socket_ = new ControlSocket(client, remote, getDefaultTimeout());
    if (getAutodetectUTF8() && (hasFeature("UTF8") || hasFeature("UTF-8"))) {
      setControlEncoding("UTF-8");
    }
    record(client.greeting());
  }

  private void configure(FtpsClient.Builder builder) throws IOException {
    builder.security(isImplicit() ? Security.IMPLICIT : Security.EXPLICIT);
    builder.trustPassiveAddress(isIpAddressFromPasvResponse());
    if (getConnectTimeout() > 0) {
      builder.connectTimeout(Duration.ofMillis(getConnectTimeout()));
    }
    if (getDefaultTimeout() > 0) {
      builder.replyTimeout(Duration.ofMillis(getDefaultTimeout()));
    }
    Duration dataTimeout = getDataTimeout();
    if (!dataTimeout.isNegative() && !dataTimeout.isZero()) {
      builder.dataTimeout(dataTimeout);
    }
    TlsSettings.applyVersions(versions(), builder);
    TlsSettings.applySuites(getSuites(), builder);
    try {
      Credentials.applyTrust(getTrustManager(), builder);
      Credentials.applyKey(keyManager(), builder);
    } catch (GeneralSecurityException e) {
      throw new SSLException("the trust or key manager cannot be used: " + e.getMessage(), e);
    }
    builder.charset(ControlText.BYTES).dialogueListener(dialogue);
    options.accept(builder);
  }

  /**
   * Ends the connection. From another thread it also ends what is going on there. Does nothing when
   * there is none.
   */
  @Override
  public void disconnect() throws IOException {
    FtpsClient ended = client;
    client = null;
    pending = null;
    if (ended != null) {
      ended.abort();
      ended.close();
    }
    super.disconnect();
    super.enterLocalPassiveMode();
    user = null;
    password = null;
    wantedType = "A";
    serverType = "A";
    markedOffset = 0;
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

  private FtpsClient connection() throws IOException {
    FtpsClient connected = client;
    if (connected == null) {
      throw new IOException("Connection is not open");
    }
    return connected;
  }

  // ---- Commands and replies ---------------------------------------------------------------------

  @Override
  public int sendCommand(String command, String args) throws IOException {
    CommandLine line = new CommandLine(command, args);
    Refusals.checkCommand(line.verb, line.argument);
    connection();
    abandonTransfer();
    markedOffset = 0;
    switch (line.verb) {
      case "USER":
        user = line.argument;
        return record(PASSWORD_EXPECTED);
      case "PASS":
        password = line.argument;
        return logIn("");
      case "ACCT":
        return logIn(line.argument);
      case "TYPE":
        return sendType(line.argument);
      case "REST":
        return sendRestart(line.argument);
      case "SIZE":
        alignType();
        return exchange(line.verb, line.argument);
      default:
        return exchange(line.verb, line.argument);
    }
  }

  private int exchange(String verb, String argument) throws IOException {
    try {
      FtpsReply reply =
          connection().command(verb, ControlText.toNative(argument, getControlEncoding()));
      record(reply);
      checkStillServed(reply);
      return reply.code();
    } catch (FtpsException e) {
      throw failed(e);
    }
  }

  private void checkStillServed(FtpsReply reply) throws IOException {
    if (reply.code() == FTPReply.SERVICE_NOT_AVAILABLE) {
      throw Failures.closed(getReplyString().trim());
    }
  }

  /**
   * The native client sends USER and PASS together, and protects the data connections before it
   * returns.
   */
  private int logIn(String account) throws IOException {
    try {
      FtpsClient connected = connection();
      String name = user == null ? "" : user;
      String secret = password == null ? "" : password;
      if (account.isEmpty()) {
        connected.login(name, secret);
      } else {
        connected.login(name, secret, account);
      }
      serverType = "I";
    } catch (FtpsException e) {
      boolean refused = dialogue.isAboutLogin() && Failures.isOrdinary(e.replyCode());
      boolean accountWanted =
          dialogue.isAboutLogin() && FTPReply.isPositiveIntermediate(e.replyCode());
      if (!refused && !accountWanted) {
        throw failed(e);
      }
    }
    record(dialogue.loginReply());
    return getReplyCode();
  }

  private int sendType(String type) throws IOException {
    int code = exchange("TYPE", type);
    if (FTPReply.isPositiveCompletion(code)) {
      wantedType = type;
      serverType = type;
    }
    return code;
  }

  /**
   * A login of the native client ends with binary transfers; Commons Net takes the type for ASCII
   * until it sets another.
   */
  private void alignType() throws IOException {
    if (!wantedType.equals(serverType)) {
      sendType(wantedType);
    }
  }

  private int sendRestart(String marker) throws IOException {
    alignType();
    int code = exchange("REST", marker);
    if (FTPReply.isPositiveIntermediate(code)) {
      markedOffset = parseOffset(marker);
    }
    return code;
  }

  private static long parseOffset(String marker) {
    try {
      return Long.parseLong(marker.trim());
    } catch (NumberFormatException e) {
      throw Refusals.of("REST " + marker, "in stream mode a restart marker is a number of bytes");
    }
  }

  /**
   * The reply to the last command; that of a transfer is waited for. Nothing is read when none is
   * outstanding.
   */
  @Override
  public int getReply() throws IOException {
    completePendingCommand();
    return getReplyCode();
  }

  @Override
  protected void __getReplyNoReport() throws IOException {
    getReply();
  }

  /** Sends NOOP, but not while a transfer is open: the native client sends no command then. */
  @Override
  protected void __noop() throws IOException {
    if (pending == null || pending.isOver()) {
      exchange("NOOP", "");
    }
  }

  // ---- Transfers --------------------------------------------------------------------------------

  @Override
  protected Socket _openDataConnection_(String command, String arg) throws IOException {
    FtpsClient connected = connection();
    long offset = Math.max(getRestartOffset(), markedOffset);
    abandonTransfer();
    alignType();
    setRestartOffset(0);
    markedOffset = 0;
    dialogue.expectPreliminary();
    String argument = arg == null ? "" : ControlText.toNative(arg, getControlEncoding());
    TransferVerb verb = TransferVerb.of(command);
    try {
      FtpsTransfer transfer = connected.openTransfer(verb.direction(), command, argument, offset);
      pending =
          verb.direction() == Direction.UPLOAD
              ? PendingTransfer.upload(transfer)
              : PendingTransfer.download(transfer, verb.isListing());
    } catch (FtpsException e) {
      if (isOrdinaryRefusal(e, verb)) {
        record(e);
        return null;
      }
      throw failed(e);
    }
    if (dialogue.preliminary() != null) {
      record(dialogue.preliminary());
    } else {
      record(BEGUN);
    }
    return new DataSocket(
        pending, remoteInetSocketAddress, (int) Math.max(0, getDataTimeout().toMillis()));
  }

  /** A listing that failed after it had begun must not pass for an empty one. */
  private boolean isOrdinaryRefusal(FtpsException e, TransferVerb verb) {
    boolean failedListing =
        verb.isListing() && dialogue.preliminary() != null && !Failures.isAboutName(e);
    return Failures.isOrdinaryRefusal(e) && !dialogue.isAboutDataAddress() && !failedListing;
  }

  /**
   * Waits for the end of the transfer, and says whether the server confirms it. With a stream still
   * open the transfer is aborted, and with nothing pending the last reply says.
   */
  @Override
  public boolean completePendingCommand() throws IOException {
    PendingTransfer ended = pending;
    pending = null;
    if (ended == null) {
      return FTPReply.isPositiveCompletion(getReplyCode());
    }
    ended.abort();
    if (ended.failure() != null) {
      throw failed(ended.failure());
    }
    if (ended.reply() != null) {
      record(ended.reply());
    } else if (ended.refusal() != null) {
      record(ended.refusal());
    } else {
      record(ABORTED);
    }
    return FTPReply.isPositiveCompletion(getReplyCode());
  }

  @Override
  protected boolean _storeFile(String command, String remote, InputStream local)
      throws IOException {
    try {
      return super._storeFile(command, remote, new UploadSource(local, this::abandonTransfer));
    } catch (CopyStreamException e) {
      PendingTransfer ended = pending;
      if (ended != null && ended.refusal() != null) {
        // A refusal may come while the payload is under way already.
        return completePendingCommand();
      }
      throw failed(Failures.uncovered(e));
    } finally {
      abandonTransfer();
    }
  }

  @Override
  protected boolean _retrieveFile(String command, String remote, OutputStream local)
      throws IOException {
    try {
      return super._retrieveFile(command, remote, local);
    } catch (CopyStreamException e) {
      throw failed(Failures.uncovered(e));
    } finally {
      abandonTransfer();
    }
  }

  /** A transfer that nobody completed must not stand in the way, nor pass for a whole one. */
  private void abandonTransfer() {
    PendingTransfer abandoned = pending;
    if (abandoned != null) {
      abandoned.abort();
    }
    pending = null;
  }

  // ---- Replies that Commons Net can be asked for ------------------------------------------------

  private int record(String line) {
    return record(
        Integer.parseInt(line.substring(0, REPLY_CODE_LEN)), Collections.singletonList(line));
  }

  private int record(FtpsReply reply) {
    return record(reply.code(), ControlText.lines(reply, getControlEncoding()));
  }

  private void record(FtpsException e) {
    FtpsReply last = dialogue.last();
    if (last != null && last.code() == e.replyCode()) {
      record(last);
    } else if (e.replyCode() > 0) {
      record(e.replyCode() + " " + e.replyText());
    }
  }

  private int record(int code, List<String> lines) {
    _replyCode = code;
    _replyLines.clear();
    _replyLines.addAll(lines);
    _newReplyString = true;
    return code;
  }

  /** Keeps the reply readable, and gives the exception to throw. */
  private IOException failed(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof FtpsException) {
        record((FtpsException) cause);
        break;
      }
    }
    return Failures.explained(e);
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
