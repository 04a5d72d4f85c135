package org.libftps;

import java.io.IOException;
import java.time.Duration;

/**
 * Connections to one server with one login, which are opened when they are needed and kept for the
 * next who needs one.
 *
 * <pre>{@code
 * try (FtpsPool pool = FtpsClient.builder("ftp.example.org").pool("user", "password").build();
 *     FtpsClient client = pool.lease()) {
 *   client.upload(Paths.get("report.csv"), "inbox/report.csv");
 * }
 * }</pre>
 *
 * <p>What a login learns of the server (its features, that it has no EPSV, that TLS 1.2 works and
 * TLS 1.3 does not) the next one knows. Where the server takes no more connections (421, or 530
 * with a text that says so once this password was taken), the pool makes do with those it has, and
 * tries one more after 1 s, 2 s, 4 s, up to a minute.
 *
 * <p><b>Threads.</b> Any thread may use a pool, several at once. The listeners and managers of its
 * connections' options hear several threads at a time.
 *
 * <p>A pool that was forgotten is closed once it is garbage-collected and nobody uses its
 * connections any more.
 */
public final class FtpsPool implements AutoCloseable {
  private final long number;
  private final Names names;
  private final Upcalls upcalls;
  private final Backstop backstop;

  private FtpsPool(long number, Names names, Upcalls upcalls) {
    this.number = number;
    this.names = names;
    this.upcalls = upcalls;
    this.backstop = Backstop.watch(this, () -> Native.freePool(number));
  }

  /** Options of a pool. {@link FtpsClient.Builder#pool} makes them. Not thread-safe. */
  public static final class Builder {
    private final byte[] connection;
    private final boolean tellsDialogue;
    private final Names names;
    private final Upcalls upcalls;
    private final String user;
    private final String password;
    private final String account;
    private int maximum = 4;
    private Duration waitLimit = Duration.ofSeconds(60);
    private Duration checkAfter = Duration.ofSeconds(30);
    private Duration expireAfter = Duration.ofMinutes(5);

    Builder(
        byte[] connection,
        boolean tellsDialogue,
        Names names,
        Upcalls upcalls,
        String user,
        String password,
        String account) {
      this.connection = connection;
      this.tellsDialogue = tellsDialogue;
      this.names = names;
      this.upcalls = upcalls;
      this.user = user;
      this.password = password;
      this.account = account;
    }

    /**
     * How many connections there are at most. Where the server takes fewer, the pool has fewer.
     *
     * @param connections default: 4; 1 or more
     * @return this
     */
    public Builder maximum(int connections) {
      if (connections < 1) {
        throw new IllegalArgumentException("a pool has a connection: " + connections);
      }
      maximum = connections;
      return this;
    }

    /**
     * How long a lease may wait until a connection is free. Connecting and logging in have the
     * timeouts of the connection's own options.
     *
     * @param limit default: 60 s
     * @return this
     */
    public Builder waitLimit(Duration limit) {
      waitLimit = notNegative(limit);
      return this;
    }

    /**
     * A connection that was idle for longer than this is asked with NOOP before it is lent again.
     *
     * @param idle default: 30 s
     * @return this
     */
    public Builder checkAfter(Duration idle) {
      checkAfter = notNegative(idle);
      return this;
    }

    /**
     * A connection that was idle for longer than this is closed. The pool has no thread of its own:
     * it looks when a connection is lent or comes back, and in {@link FtpsPool#closeExpired}.
     *
     * @param idle default: 5 min
     * @return this
     */
    public Builder expireAfter(Duration idle) {
      expireAfter = notNegative(idle);
      return this;
    }

    /**
     * Makes the pool. Nothing is sent before the first lease.
     *
     * @return the pool; close it
     * @throws FtpsException {@code invalid-argument} when an option cannot be used; {@code library}
     *     when the native library cannot be loaded
     */
    public FtpsPool build() throws FtpsException {
      NativeLibrary.require();
      byte[] own =
          new Wire.Writer()
              .bytes(names.encode(user, "the user"))
              .bytes(names.encode(password, "the password"))
              .bytes(names.encode(account, "the account"))
              .intValue(maximum)
              .longValue(LiveOptions.nanoseconds(waitLimit))
              .longValue(LiveOptions.nanoseconds(checkAfter))
              .longValue(LiveOptions.nanoseconds(expireAfter))
              .finish();
      return new FtpsPool(Native.createPool(connection, own, tellsDialogue), names, upcalls);
    }

    private static Duration notNegative(Duration time) {
      if (time.isNegative()) {
        throw new IllegalArgumentException("a time is not negative: " + time);
      }
      return time;
    }
  }

  /**
   * Lends a connection, which is logged in: an idle one, else a new one, else the next that comes
   * back. Who waited longest gets it.
   *
   * <p>Closing the client gives the connection back. One that is broken, has a transfer open or a
   * rename pending, or was told what cannot be taken back (CCC, SITE UMASK, OPTS, a raw command of
   * unknown effect) is closed instead, and so is one that {@link FtpsClient#quit} was called on.
   * What is changed of directory, type, timeouts and mode is undone before the next one gets it.
   *
   * @return a client; close it
   * @throws FtpsException {@code timeout} when no connection becomes free in time; {@code
   *     wrong-state} when the pool is closed; those of {@link FtpsClient.Builder#connect} and
   *     {@link FtpsClient#login}
   * @throws IOException the thread was interrupted
   */
  public FtpsClient lease() throws IOException {
    return new FtpsClient(new Session(Native.borrow(number), names), upcalls);
  }

  /**
   * Closes the connections that were idle for too long.
   *
   * @throws FtpsException {@code wrong-state} when the pool is closed
   */
  public void closeExpired() throws FtpsException {
    Native.closeExpired(number);
  }

  /**
   * Counters.
   *
   * @return what was counted until now
   * @throws FtpsException {@code wrong-state} when the pool is closed
   */
  public PoolStatistics statistics() throws FtpsException {
    return new PoolStatistics(new Wire.Reader(Native.poolStatistics(number), names));
  }

  /**
   * Closes the idle connections, and those that are lent as soon as they come back. Every lease
   * fails from now on, those that wait too. Closing again does nothing.
   */
  @Override
  public void close() {
    Native.closePool(number);
    backstop.closed();
  }

  /** Executes plan number {@code plan}, and gives its report. */
  Wire.Reader execute(long plan, byte[] options, Object progress) throws IOException {
    byte[] report =
        Interruption.during(
            () -> Native.stopPlan(plan),
            () -> Native.executeOverPool(number, upcalls, plan, options, progress));
    return new Wire.Reader(report, names);
  }
}
