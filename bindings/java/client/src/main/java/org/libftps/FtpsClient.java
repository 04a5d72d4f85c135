package org.libftps;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;

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
 * stream, a transfer, a {@link #stream listing stream} or the stream of a walk is open, every
 * command fails with kind {@code wrong-state}.
 *
 * <p><b>Threads.</b> One thread at a time may use a client and its streams; a second call gets an
 * exception of kind {@code wrong-state}. {@link #abort()} and {@link #close()} may be called by any
 * thread at any time. Interrupting a thread that is inside a call ends the call with {@link
 * java.nio.channels.ClosedByInterruptException}. A virtual thread that waits here does not hold its
 * carrier thread.
 *
 * <p>A client that was forgotten is closed once it is garbage-collected.
 */
public final class FtpsClient extends Trees implements AutoCloseable {
  private final Backstop backstop;
  private final FtpsReply greeting;

  FtpsClient(Session session, Upcalls upcalls) throws IOException {
    super(session, upcalls);
    this.backstop = Backstop.watch(this, session::close);
    try {
      byte[] reply = session.command(number -> Native.connect(number, upcalls()));
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
  public static final class Builder extends ConnectionOptions<Builder> {
    private Builder(String host) {
      options.text(host);
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
      long number = Native.create(finished(), dialogue != null);
      Names names = new Names(charset);
      return new FtpsClient(new Session(number, names), upcalls(names));
    }

    /**
     * Options of a pool of connections with the options that this builder has now, and with this
     * login.
     *
     * @param user the user
     * @param password the password, which is kept in memory
     * @return options with their defaults
     * @throws FtpsException {@code invalid-argument} when an option cannot be used
     */
    public FtpsPool.Builder pool(String user, String password) throws FtpsException {
      return pool(user, password, "");
    }

    /**
     * The same for a server that wants an account too (RFC 959 section 4.1.1).
     *
     * @param user the user
     * @param password the password, which is kept in memory
     * @param account the account; empty for none
     * @return options with their defaults
     * @throws FtpsException {@code invalid-argument} when an option cannot be used
     */
    public FtpsPool.Builder pool(String user, String password, String account)
        throws FtpsException {
      Names names = new Names(charset);
      return new FtpsPool.Builder(
          finished(), dialogue != null, names, upcalls(names), user, password, account);
    }

    private Upcalls upcalls(Names names) {
      return Upcalls.to(names, dialogue, retryListener, trustManager, keyManager);
    }

    @Override
    Builder self() {
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
    byte[] userBytes = session().encode(user);
    byte[] passwordBytes = session().encodeSecret(password);
    byte[] accountBytes = session().encodeSecret(account);
    session()
        .command(
            number -> {
              Native.login(number, upcalls(), userBytes, passwordBytes, accountBytes);
              return null;
            });
  }

  /**
   * Active or passive mode, from the next transfer on. Can be changed between any two transfers.
   *
   * @param mode null is passive mode
   * @throws FtpsException {@code wrong-state} when the client is closed or in use
   */
  public void setActiveMode(ActiveMode mode) throws IOException {
    change(LiveOptions.activeMode(new Wire.Writer(), mode));
  }

  /**
   * How directories are listed from now on.
   *
   * @param listing not null
   * @throws FtpsException {@code invalid-argument} when its arguments cannot be sent; {@code
   *     wrong-state} when the client is closed or in use
   */
  public void setListing(ListingOptions listing) throws IOException {
    change(LiveOptions.listing(new Wire.Writer(), listing));
  }

  /**
   * As {@link Builder#rateLimits}, from the next piece of payload on, also of a transfer that is
   * open.
   *
   * @param download 0 is no limit
   * @param upload 0 is no limit
   * @throws FtpsException {@code wrong-state} when the client is closed or in use
   */
  public void setRateLimits(long download, long upload) throws IOException {
    change(LiveOptions.rateLimits(new Wire.Writer(), download, upload));
  }

  /**
   * As {@link Builder#lineEnds}, from the next transfer on.
   *
   * @param lineEnds not null
   * @throws FtpsException {@code wrong-state} when the client is closed or in use
   */
  public void setLineEnds(LineEnds lineEnds) throws IOException {
    change(LiveOptions.lineEnds(new Wire.Writer(), lineEnds));
  }

  /**
   * As {@link Builder#connectTimeout}, from the next connection on: a data connection with its
   * handshake is one.
   *
   * @param timeout not null
   * @throws FtpsException {@code wrong-state} when the client is closed or in use
   */
  public void setConnectTimeout(Duration timeout) throws IOException {
    changeTimeout(LiveOptions.CONNECT_TIMEOUT, Objects.requireNonNull(timeout));
  }

  /**
   * As {@link Builder#replyTimeout}, from the next wait on.
   *
   * @param timeout not null
   * @throws FtpsException {@code wrong-state} when the client is closed or in use
   */
  public void setReplyTimeout(Duration timeout) throws IOException {
    changeTimeout(LiveOptions.REPLY_TIMEOUT, Objects.requireNonNull(timeout));
  }

  /**
   * As {@link Builder#dataTimeout}, from the next wait on, also of a transfer that is open.
   *
   * @param timeout not null
   * @throws FtpsException {@code wrong-state} when the client is closed or in use
   */
  public void setDataTimeout(Duration timeout) throws IOException {
    changeTimeout(LiveOptions.DATA_TIMEOUT, Objects.requireNonNull(timeout));
  }

  /**
   * As {@link Builder#operationTimeout}, from the next operation on: a transfer that is open keeps
   * its own.
   *
   * @param timeout null is no limit
   * @throws FtpsException {@code wrong-state} when the client is closed or in use
   */
  public void setOperationTimeout(Duration timeout) throws IOException {
    changeTimeout(LiveOptions.OPERATION_TIMEOUT, timeout);
  }

  /**
   * As {@link Builder#keepAlive}, from now on, also in a transfer that is open.
   *
   * @param interval null is never
   * @throws FtpsException {@code wrong-state} when the client is closed or in use
   */
  public void setKeepAlive(Duration interval) throws IOException {
    change(LiveOptions.keepAlive(new Wire.Writer(), interval));
  }

  private void changeTimeout(int tag, Duration timeout) throws IOException {
    change(LiveOptions.timeout(new Wire.Writer(), tag, timeout));
  }

  private void change(Wire.Writer options) throws IOException {
    session().change(options.finish());
  }

  /**
   * Counters of this client. Not to be asked for from a listener or while another thread is inside.
   *
   * @return what was counted until now
   * @throws FtpsException {@code wrong-state} when the client is closed or in use
   */
  public Statistics statistics() throws IOException {
    return new Facts(session().reader(session().facts())).statistics;
  }

  /**
   * The TLS version of the control connection.
   *
   * @return never null
   * @throws FtpsException {@code wrong-state} when the client is closed or in use
   */
  public TlsVersion tlsVersion() throws IOException {
    return new Facts(session().reader(session().facts())).tlsVersion;
  }

  /**
   * What the server offers (FEAT), names in lower case with their parameters.
   *
   * @return empty before login, or where the server does not say
   * @throws FtpsException {@code wrong-state} when the client is closed or in use
   */
  public Map<String, String> features() throws IOException {
    return new Facts(session().reader(session().facts())).features;
  }

  /**
   * Whether the control connection can still be used. After {@code broken}, a timeout on the
   * control connection or its loss it cannot: connect again. Sends nothing.
   *
   * @return false also when the client is closed; true while another thread is inside
   */
  public boolean isUsable() {
    try {
      return session().isBusy() || new Facts(session().reader(session().facts())).usable;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Ends what is under way, from any thread: a blocked call fails with kind {@code cancelled}, an
   * open transfer is given up. Does nothing when nothing is under way.
   */
  public void abort() {
    session().abort();
  }

  /**
   * Says goodbye (QUIT) and closes the connection, also one of a {@link FtpsPool}.
   *
   * @throws IOException the server did not answer; the connection is closed all the same
   */
  public void quit() throws IOException {
    try {
      session()
          .command(
              number -> {
                Native.quit(number, upcalls());
                return null;
              });
    } finally {
      close();
    }
  }

  /**
   * Closes the connection without QUIT and without waiting; one of a {@link FtpsPool} goes back to
   * it instead, unless it is broken or has a transfer open. An open transfer is aborted, a call of
   * another thread is cancelled. Closing again does nothing.
   */
  @Override
  public void close() {
    session().close();
    backstop.closed();
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
      statistics = new Statistics(reader);
      features = reader.pairs();
    }
  }
}
