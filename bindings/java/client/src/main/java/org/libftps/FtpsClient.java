package org.libftps;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.ObjIntConsumer;
import java.util.stream.Stream;

/**
 * One connection to an FTPS server, whose data connections always resume the control connection's
 * TLS session.
 *
 * <pre>{@code
 * try (FtpsClient client = FtpsClient.builder("ftp.example.org").connect()) {
 *   client.login("user", "password");
 *   client.upload(Paths.get("report.csv"), "folder/report.csv");
 *   for (FtpsEntry entry : client.list("folder")) {
 *     System.out.println(entry.name());
 *   }
 *   client.quit();
 * }
 * }</pre>
 *
 * <p>{@link Builder#connect} opens the connection, {@link #login} makes it usable. Every method
 * that talks to the server throws {@link FtpsException}, which tells the cause; arguments with line
 * ends or NUL are refused before anything is sent. There is at most one transfer at a time; while a
 * stream, a transfer or a {@link #stream listing stream} is open, every command fails with kind
 * {@code wrong-state}.
 *
 * <p><b>Threads.</b> One thread at a time may use a client and its streams; a second call gets an
 * exception of kind {@code wrong-state}. {@link #abort()} and {@link #close()} may be called by any
 * thread at any time. Interrupting a thread that is inside a call ends the call with {@link
 * java.nio.channels.ClosedByInterruptException}. A virtual thread that waits here does not hold its
 * carrier thread.
 *
 * <p>A client that was forgotten is closed once it is garbage-collected.
 */
public final class FtpsClient implements AutoCloseable {
  private static final byte[] NOTHING = {};

  private final Session session;
  private final ObjIntConsumer<Object> listener;
  private final Backstop backstop;
  private final FtpsReply greeting;

  private FtpsClient(Session session, DialogueListener dialogue) throws IOException {
    this.session = session;
    this.listener =
        dialogue == null ? null : (line, what) -> tell(session, dialogue, (byte[]) line, what);
    this.backstop = Backstop.watch(this, session);
    try {
      byte[] reply = session.command(number -> Native.connect(number, listener));
      this.greeting = session.reader(reply).reply();
    } catch (Throwable e) {
      close();
      throw e;
    }
  }

  /**
   * Options for a connection.
   *
   * @param host a name, an IPv4 address, or an IPv6 address without brackets
   * @return options with their defaults
   */
  public static Builder builder(String host) {
    return new Builder(host);
  }

  /** Options of a connection. Can be used again for further connections. Not thread-safe. */
  public static final class Builder {
    private final Wire.Writer options = new Wire.Writer();
    private Charset charset = StandardCharsets.UTF_8;
    private DialogueListener dialogue;

    private Builder(String host) {
      options.text(host);
    }

    /**
     * The port of the control connection.
     *
     * @param port 1 to 65535; default: 21 explicit, 990 implicit
     * @return this
     */
    public Builder port(int port) {
      if (port < 1 || port > 65535) {
        throw new IllegalArgumentException("not a port: " + port);
      }
      options.byteValue(1).intValue(port);
      return this;
    }

    /**
     * When TLS begins.
     *
     * @param security default: explicit
     * @return this
     */
    public Builder security(Security security) {
      options.byteValue(2).byteValue(security.ordinal());
      return this;
    }

    /**
     * What to do about data connections that do not resume.
     *
     * @param policy default: {@link ResumptionPolicy#PREFER}
     * @return this
     */
    public Builder resumption(ResumptionPolicy policy) {
      options.byteValue(3).byteValue(policy.ordinal());
      return this;
    }

    /**
     * Whether to log in anew behind the caller's back when no TLS session is left that the server
     * takes. The password is kept in memory only while this is on.
     *
     * @param enabled default: true
     * @return this
     */
    public Builder relogin(boolean enabled) {
      options.byteValue(4).flag(enabled);
      return this;
    }

    /**
     * Takes a download that ends without TLS close_notify for complete when the server says 2xx.
     *
     * @param tolerate default: false; such a download may have been cut
     * @return this
     */
    public Builder tolerateMissingCloseNotify(boolean tolerate) {
      options.byteValue(5).flag(tolerate);
      return this;
    }

    /**
     * Connects data connections to the address in the reply to PASV.
     *
     * @param trust default: false; to the control connection's peer, because servers behind NAT
     *     name private addresses, and hostile ones name others'
     * @return this
     */
    public Builder trustPassiveAddress(boolean trust) {
      options.byteValue(6).flag(trust);
      return this;
    }

    /**
     * How long name resolution, the TCP connection and the TLS handshake together may take, each
     * time.
     *
     * @param timeout default: 30 s
     * @return this
     */
    public Builder connectTimeout(Duration timeout) {
      return timeout(10, timeout);
    }

    /**
     * How long one whole reply may take.
     *
     * @param timeout default: 60 s
     * @return this
     */
    public Builder replyTimeout(Duration timeout) {
      return timeout(11, timeout);
    }

    /**
     * How long a data connection may be silent.
     *
     * @param timeout default: 60 s
     * @return this
     */
    public Builder dataTimeout(Duration timeout) {
      return timeout(12, timeout);
    }

    /**
     * How long a whole operation may take: connecting, logging in, a command, a listing, a transfer
     * from its opening to its end. Time spent in listeners, and between the calls of a transfer,
     * does not count.
     *
     * @param timeout default: no limit
     * @return this
     */
    public Builder operationTimeout(Duration timeout) {
      return timeout(13, timeout);
    }

    /**
     * Whether the platform's root certificates are trusted: those of the operating system, not the
     * JVM's.
     *
     * @param trusted default: true
     * @return this
     */
    public Builder platformRoots(boolean trusted) {
      options.byteValue(20).flag(trusted);
      return this;
    }

    /**
     * Trusts these certificates besides. A server certificate that is itself among them is trusted
     * too; its name and dates are still checked. May be called repeatedly.
     *
     * @param pem certificates in PEM
     * @return this
     */
    public Builder extraRootsPem(byte[] pem) {
      options.byteValue(21).bytes(pem);
      return this;
    }

    /**
     * Trusts the certificate entries of a key store besides. May be called repeatedly.
     *
     * @param store an initialised key store
     * @return this
     * @throws GeneralSecurityException the key store cannot be read
     */
    public Builder trustStore(KeyStore store) throws GeneralSecurityException {
      return extraRootsPem(Pem.trusted(store));
    }

    /**
     * Trusts besides what the JVM trusts by default: its {@code cacerts}, or what the system
     * property {@code javax.net.ssl.trustStore} names.
     *
     * @return this
     * @throws GeneralSecurityException that key store cannot be read
     */
    public Builder jvmRoots() throws GeneralSecurityException {
      return extraRootsPem(Pem.trustedByJvm());
    }

    /**
     * Accepts the certificate whose DER encoding has this SHA-256, in place of checking chain, name
     * and dates. May be called repeatedly: any of them.
     *
     * @param fingerprint 64 hexadecimal digits; colons and spaces are passed over
     * @return this
     */
    public Builder pinSha256(String fingerprint) {
      options.byteValue(22).text(fingerprint);
      return this;
    }

    /**
     * <b>Insecure.</b> Accepts any certificate: whoever sits in between can read the password and
     * the files.
     *
     * @param accept default: false
     * @return this
     */
    public Builder acceptAnyCertificate(boolean accept) {
      options.byteValue(23).flag(accept);
      return this;
    }

    /**
     * The client's certificate and private key.
     *
     * @param chain certificates in PEM, the client's first
     * @param key PKCS#8, PKCS#1 or SEC1 in PEM, not encrypted
     * @return this
     */
    public Builder clientIdentityPem(byte[] chain, byte[] key) {
      options.byteValue(24).bytes(chain).bytes(key);
      return this;
    }

    /**
     * The client's certificate and private key from a key store. The key must be exportable: one
     * that stays in a token or smart card is not.
     *
     * @param store an initialised key store
     * @param alias a key entry
     * @param password the key's password
     * @return this
     * @throws GeneralSecurityException the key cannot be read, for instance because of its password
     * @throws IllegalArgumentException there is no such key, or it is not exportable
     */
    public Builder clientIdentity(KeyStore store, String alias, char[] password)
        throws GeneralSecurityException {
      return clientIdentityPem(Pem.chain(store, alias), Pem.key(store, alias, password));
    }

    /**
     * The lowest and the highest version to negotiate.
     *
     * @param min default: TLS 1.2
     * @param max default: TLS 1.3
     * @return this
     */
    public Builder tlsVersions(TlsVersion min, TlsVersion max) {
      options.byteValue(25).byteValue(min.ordinal()).byteValue(max.ordinal());
      return this;
    }

    /**
     * The name to send and to check in the server's certificate.
     *
     * @param name default: the host
     * @return this
     */
    public Builder tlsServerName(String name) {
      options.byteValue(26).text(name);
      return this;
    }

    /**
     * Appends the TLS secrets of all connections to a file, in the format of {@code SSLKEYLOGFILE}.
     * Whoever has the file can read the traffic.
     *
     * @param file default: none
     * @return this
     * @throws IllegalArgumentException the file is not in the default file system
     */
    public Builder keyLog(Path file) {
      try {
        options.byteValue(27).bytes(LocalFiles.bytes(file));
      } catch (FtpsException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
      return this;
    }

    /**
     * Certificate revocation lists. Nothing is fetched: neither CRL nor OCSP. May be called
     * repeatedly.
     *
     * @param pem lists in PEM
     * @return this
     */
    public Builder revocationListsPem(byte[] pem) {
      options.byteValue(28).bytes(pem);
      return this;
    }

    /**
     * The character set of the server's file names, and of the user's name and password. What
     * cannot be written in it is refused.
     *
     * @param charset default: UTF-8
     * @return this
     */
    public Builder charset(Charset charset) {
      this.charset = Objects.requireNonNull(charset);
      return this;
    }

    /**
     * Hears every command (passwords masked) and reply, from the greeting on.
     *
     * @param listener default: null, none
     * @return this
     */
    public Builder dialogueListener(DialogueListener listener) {
      this.dialogue = listener;
      return this;
    }

    /**
     * Connects, reads the greeting and establishes TLS. Log in next.
     *
     * @return the client; close it
     * @throws FtpsException for instance {@code connect}, {@code certificate}, {@code timeout};
     *     {@code library} when the native library cannot be loaded
     * @throws IOException the thread was interrupted
     */
    public FtpsClient connect() throws IOException {
      NativeLibrary.require();
      return new FtpsClient(new Session(Native.create(options.finish()), charset), dialogue);
    }

    private Builder timeout(int tag, Duration timeout) {
      if (timeout.isNegative()) {
        throw new IllegalArgumentException("a timeout is not negative: " + timeout);
      }
      // Longer than anybody waits, and still a number of nanoseconds.
      Duration longest = Duration.ofDays(3650);
      long nanos = (timeout.compareTo(longest) < 0 ? timeout : longest).toNanos();
      options.byteValue(tag).longValue(nanos);
      return this;
    }
  }

  /**
   * The server's greeting.
   *
   * @return never null
   */
  public FtpsReply greeting() {
    return greeting;
  }

  /**
   * Logs in, and protects the data connections: after it, no transfer can happen in clear.
   *
   * @param user the user
   * @param password the password
   * @throws FtpsException {@code login-refused}, among others
   * @throws IOException the thread was interrupted
   */
  public void login(String user, String password) throws IOException {
    login(user, password, "");
  }

  /**
   * Logs in to a server that wants an account too (RFC 959 section 4.1.1).
   *
   * @param user the user
   * @param password the password
   * @param account the account; empty for none
   * @throws FtpsException {@code login-refused}, among others
   * @throws IOException the thread was interrupted
   */
  public void login(String user, String password, String account) throws IOException {
    byte[] userBytes = session.encode(user);
    byte[] passwordBytes = session.encodeSecret(password);
    byte[] accountBytes = session.encodeSecret(account);
    session.command(
        number -> {
          Native.login(number, listener, userBytes, passwordBytes, accountBytes);
          return null;
        });
  }

  /**
   * Sends any command and returns its reply, whatever the code. For verbs this class has no method
   * for. After a verb that may change what the client does not know of, {@code SITE} for instance,
   * silent re-login is off.
   *
   * @param verb for instance {@code SITE}
   * @param argument null or empty for none
   * @return the reply
   * @throws FtpsException there was no reply
   * @throws IOException the thread was interrupted
   */
  public FtpsReply command(String verb, String argument) throws IOException {
    return reply(Operation.RAW_COMMAND, verb, argument == null ? "" : argument);
  }

  /**
   * Opens a transfer of any verb. {@link #download(String)} and {@link #upload(String)} are
   * simpler.
   *
   * @param direction which way the payload goes
   * @param verb for instance {@code STOU}
   * @param argument null or empty for none
   * @param offset where to begin (REST, RFC 3659 section 5); 0 for the beginning
   * @return the open transfer; finish or close it
   * @throws FtpsException {@code refused} or {@code not-resumed}, among others
   * @throws IOException the thread was interrupted
   */
  public FtpsTransfer openTransfer(Direction direction, String verb, String argument, long offset)
      throws IOException {
    byte[] encoded = session.encode(argument == null ? "" : argument);
    return new FtpsTransfer(
        this, direction, verb.getBytes(StandardCharsets.UTF_8), encoded, offset);
  }

  /**
   * Receives a file (RETR).
   *
   * @param path the file
   * @return its bytes; close it
   * @throws IOException as {@link #openTransfer}
   */
  public FtpsInputStream download(String path) throws IOException {
    return download(path, 0);
  }

  /**
   * Receives a file from a byte on (REST, RETR).
   *
   * @param path the file
   * @param offset bytes that are left out
   * @return its bytes; close it
   * @throws IOException as {@link #openTransfer}
   */
  public FtpsInputStream download(String path, long offset) throws IOException {
    return new FtpsInputStream(openTransfer(Direction.DOWNLOAD, "RETR", path, offset), true);
  }

  /**
   * Sends a file (STOR), which replaces what is there.
   *
   * @param path the file
   * @return where its bytes go; the file is complete when closing it succeeds
   * @throws IOException as {@link #openTransfer}
   */
  public FtpsOutputStream upload(String path) throws IOException {
    return upload(path, 0);
  }

  /**
   * Sends the end of a file from a byte on (REST, STOR).
   *
   * @param path the file
   * @param offset bytes that stay as they are
   * @return where its bytes go; the file is complete when closing it succeeds
   * @throws IOException as {@link #openTransfer}
   */
  public FtpsOutputStream upload(String path, long offset) throws IOException {
    return new FtpsOutputStream(openTransfer(Direction.UPLOAD, "STOR", path, offset), true);
  }

  /**
   * Appends to a file (APPE).
   *
   * @param path the file
   * @return where its bytes go; the file is complete when closing it succeeds
   * @throws IOException as {@link #openTransfer}
   */
  public FtpsOutputStream append(String path) throws IOException {
    return new FtpsOutputStream(openTransfer(Direction.UPLOAD, "APPE", path, 0), true);
  }

  /**
   * Receives into a local file, which is created or replaced once the server has agreed. A download
   * that fails later leaves what had arrived.
   *
   * @param remote the server's file
   * @param local a file of the default file system
   * @return its length in bytes
   * @throws IOException as {@link #openTransfer}; {@code local} when the file cannot be written
   */
  public long download(String remote, Path local) throws IOException {
    return download(remote, local, null);
  }

  /**
   * The same, with a listener.
   *
   * @param remote the server's file
   * @param local a file of the default file system
   * @param progress null for none
   * @return its length in bytes
   * @throws IOException as {@link #openTransfer}; {@code local} when the file cannot be written
   */
  public long download(String remote, Path local, ProgressListener progress) throws IOException {
    return transferFile(false, local, remote, progress);
  }

  /**
   * Sends a local file (STOR), which replaces what is there. Where the server refuses the data
   * connection's TLS session when payload is already under way, it is sent again.
   *
   * @param local a file of the default file system
   * @param remote the server's file
   * @return its length in bytes
   * @throws IOException as {@link #openTransfer}; {@code local} when the file cannot be read
   */
  public long upload(Path local, String remote) throws IOException {
    return upload(local, remote, null);
  }

  /**
   * The same, with a listener.
   *
   * @param local a file of the default file system
   * @param remote the server's file
   * @param progress null for none
   * @return its length in bytes
   * @throws IOException as {@link #openTransfer}; {@code local} when the file cannot be read
   */
  public long upload(Path local, String remote, ProgressListener progress) throws IOException {
    return transferFile(true, local, remote, progress);
  }

  /**
   * The entries of a directory, with MLSD where the server has it, else LIST.
   *
   * @param path empty for the current directory
   * @return a complete listing
   * @throws IOException as {@link #openTransfer}
   */
  public FtpsListing list(String path) throws IOException {
    List<FtpsEntry> entries = new ArrayList<>();
    List<String> unparsed = new ArrayList<>();
    try (ListingReader reader =
        new ListingReader(this, session.encode(path), false, unparsed::add)) {
      for (FtpsEntry entry = reader.next(); entry != null; entry = reader.next()) {
        entries.add(entry);
      }
    }
    return new FtpsListing(entries, unparsed);
  }

  /**
   * What {@link #list} returns, as it arrives: memory does not grow with the directory. Whether the
   * listing was complete is known at its end; closing the stream before that aborts the transfer.
   * Failures come as {@link UncheckedIOException}.
   *
   * @param path empty for the current directory
   * @param unparsed gets lines that were not understood
   * @return a sequential stream; close it
   * @throws IOException as {@link #openTransfer}
   */
  public Stream<FtpsEntry> stream(String path, Consumer<String> unparsed) throws IOException {
    return new ListingReader(this, session.encode(path), false, unparsed).stream();
  }

  /**
   * The names in a directory (NLST).
   *
   * @param path empty for the current directory
   * @return in the server's order
   * @throws IOException as {@link #openTransfer}
   */
  public List<String> names(String path) throws IOException {
    List<String> names = new ArrayList<>();
    try (ListingReader reader = new ListingReader(this, session.encode(path), true, names::add)) {
      for (FtpsEntry entry = reader.next(); entry != null; entry = reader.next()) {
        names.add(entry.name());
      }
    }
    return names;
  }

  /**
   * The size of a file (SIZE, RFC 3659 section 4).
   *
   * @param path the file
   * @return bytes
   * @throws IOException {@code refused}, among others
   */
  public long size(String path) throws IOException {
    return reader(Operation.SIZE, path, "").longValue();
  }

  /**
   * When a file was last modified (MDTM, RFC 3659 section 3).
   *
   * @param path the file
   * @return a point in time
   * @throws IOException {@code refused}, among others
   */
  public Instant modified(String path) throws IOException {
    return reader(Operation.MODIFIED, path, "").timestamp().instant();
  }

  /**
   * One entry (MLST, RFC 3659 section 7).
   *
   * @param path empty for the current directory
   * @return what the server says about it
   * @throws IOException {@code refused}, among others
   */
  public FtpsEntry entry(String path) throws IOException {
    return new FtpsEntry(reader(Operation.ENTRY, path, ""));
  }

  /**
   * Deletes a file (DELE).
   *
   * @param path the file
   * @throws IOException {@code refused}, among others
   */
  public void delete(String path) throws IOException {
    perform(Operation.DELETE, path, "");
  }

  /**
   * Renames or moves (RNFR, RNTO).
   *
   * @param from what is there
   * @param to its new path
   * @throws IOException {@code refused}, among others
   */
  public void rename(String from, String to) throws IOException {
    perform(Operation.RENAME, from, to);
  }

  /**
   * Creates a directory (MKD).
   *
   * @param path the directory
   * @return its path as the server gives it; what was asked for, where it gives none
   * @throws IOException {@code refused}, among others
   */
  public String makeDirectory(String path) throws IOException {
    return session.decode(perform(Operation.MAKE_DIRECTORY, path, ""));
  }

  /**
   * Removes an empty directory (RMD).
   *
   * @param path the directory
   * @throws IOException {@code refused}, among others
   */
  public void removeDirectory(String path) throws IOException {
    perform(Operation.REMOVE_DIRECTORY, path, "");
  }

  /**
   * Changes the current directory (CWD).
   *
   * @param path the directory
   * @throws IOException {@code refused}, among others
   */
  public void changeDirectory(String path) throws IOException {
    perform(Operation.CHANGE_DIRECTORY, path, "");
  }

  /**
   * Changes to the parent directory (CDUP).
   *
   * @throws IOException {@code refused}, among others
   */
  public void changeToParent() throws IOException {
    perform(Operation.CHANGE_TO_PARENT, "", "");
  }

  /**
   * The current directory (PWD).
   *
   * @return its path
   * @throws IOException {@code refused}, among others
   */
  public String currentDirectory() throws IOException {
    return session.decode(perform(Operation.CURRENT_DIRECTORY, "", ""));
  }

  /**
   * Does nothing, and shows that the server is there (NOOP).
   *
   * @throws IOException the server is not there
   */
  public void noop() throws IOException {
    perform(Operation.NOOP, "", "");
  }

  /**
   * The kind of system (SYST).
   *
   * @return for instance {@code 215 UNIX Type: L8}
   * @throws IOException {@code refused}, among others
   */
  public FtpsReply system() throws IOException {
    return reply(Operation.SYSTEM, "", "");
  }

  /**
   * The server's status, or with a path a listing over the control connection (STAT).
   *
   * @param path empty for the status
   * @return the reply
   * @throws IOException {@code refused}, among others
   */
  public FtpsReply status(String path) throws IOException {
    return reply(Operation.STATUS, path, "");
  }

  /**
   * Sets the representation type (TYPE).
   *
   * @param representation {@code I} (binary, which a login sets) or {@code A} (text)
   * @throws IOException {@code refused}, among others
   */
  public void setType(String representation) throws IOException {
    perform(Operation.SET_TYPE, representation, "");
  }

  /**
   * Counters of this client. Not to be asked for from a listener or while another thread is inside.
   *
   * @return what was counted until now
   * @throws FtpsException {@code wrong-state} when the client is closed or in use
   */
  public Statistics statistics() throws IOException {
    return new Facts(session.reader(session.facts())).statistics;
  }

  /**
   * The TLS version of the control connection.
   *
   * @return never null
   * @throws FtpsException {@code wrong-state} when the client is closed or in use
   */
  public TlsVersion tlsVersion() throws IOException {
    return new Facts(session.reader(session.facts())).tlsVersion;
  }

  /**
   * What the server offers (FEAT), names in lower case with their parameters.
   *
   * @return empty before login, or where the server does not say
   * @throws FtpsException {@code wrong-state} when the client is closed or in use
   */
  public Map<String, String> features() throws IOException {
    return new Facts(session.reader(session.facts())).features;
  }

  /**
   * Whether the control connection can still be used. After {@code broken}, a timeout on the
   * control connection or its loss it cannot: connect again. Sends nothing.
   *
   * @return false also when the client is closed; true while another thread is inside
   */
  public boolean isUsable() {
    try {
      return session.isBusy() || new Facts(session.reader(session.facts())).usable;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Ends what is under way, from any thread: a blocked call fails with kind {@code cancelled}, an
   * open transfer is given up. Does nothing when nothing is under way.
   */
  public void abort() {
    session.abort();
  }

  /**
   * Says goodbye (QUIT) and closes the connection.
   *
   * @throws IOException the server did not answer; the connection is closed all the same
   */
  public void quit() throws IOException {
    try {
      session.command(
          number -> {
            Native.quit(number, listener);
            return null;
          });
    } finally {
      close();
    }
  }

  /**
   * Closes the connection without QUIT and without waiting. An open transfer is aborted, a call of
   * another thread is cancelled. Closing again does nothing.
   */
  @Override
  public void close() {
    session.close();
    backstop.closed();
  }

  Session session() {
    return session;
  }

  ObjIntConsumer<Object> listener() {
    return listener;
  }

  private long transferFile(boolean upload, Path local, String remote, ProgressListener progress)
      throws IOException {
    byte[] localBytes = LocalFiles.bytes(local);
    byte[] remoteBytes = session.encode(remote);
    LongConsumer consumer = progress == null ? null : progress::moved;
    return session.command(
        number -> Native.transferFile(number, listener, upload, localBytes, remoteBytes, consumer));
  }

  private FtpsReply reply(Operation operation, String first, String second) throws IOException {
    return reader(operation, first, second).reply();
  }

  private Wire.Reader reader(Operation operation, String first, String second) throws IOException {
    return session.reader(perform(operation, first, second));
  }

  private byte[] perform(Operation operation, String first, String second) throws IOException {
    byte[] firstBytes = first.isEmpty() ? NOTHING : session.encode(first);
    byte[] secondBytes = second.isEmpty() ? NOTHING : session.encode(second);
    return session.command(
        number -> Native.perform(number, listener, operation.ordinal(), firstBytes, secondBytes));
  }

  private static void tell(Session session, DialogueListener to, byte[] line, int what) {
    if (what == Native.SENT) {
      to.sent(session.decode(line));
    } else {
      to.received(session.reader(line).reply());
    }
  }

  /** What can be asked of a client at any time. */
  private static final class Facts {
    final boolean usable;
    final TlsVersion tlsVersion;
    final Statistics statistics;
    final Map<String, String> features;

    Facts(Wire.Reader reader) {
      usable = reader.flag();
      tlsVersion = reader.intValue() == 13 ? TlsVersion.V1_3 : TlsVersion.V1_2;
      long[] counts = new long[7];
      for (int i = 0; i < counts.length; i++) {
        counts[i] = reader.longValue();
      }
      statistics = new Statistics(counts);
      features = reader.pairs();
    }
  }
}
