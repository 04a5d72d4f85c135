package org.libftps;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;

/**
 * Options of the connection. {@link FtpsClient.Builder} has them as its own.
 *
 * @param <B> the builder
 */
abstract class ConnectionOptions<B> extends NetworkOptions<B> {
  Charset charset = StandardCharsets.UTF_8;
  DialogueListener dialogue;
  RetryListener retryListener;

  /**
   * The port of the control connection.
   *
   * @param port 1 to 65535; default: 21 explicit, 990 implicit
   * @return this
   */
  public B port(int port) {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("not a port: " + port);
    }
    options.byteValue(1).intValue(port);
    return self();
  }

  /**
   * When TLS begins.
   *
   * @param security default: explicit
   * @return this
   */
  public B security(Security security) {
    options.byteValue(2).byteValue(security.ordinal());
    return self();
  }

  /**
   * What to do about data connections that do not resume.
   *
   * @param policy default: {@link ResumptionPolicy#PREFER}
   * @return this
   */
  public B resumption(ResumptionPolicy policy) {
    options.byteValue(3).byteValue(policy.ordinal());
    return self();
  }

  /**
   * Whether to log in anew behind the caller's back when no TLS session is left that the server
   * takes. The password is kept in memory only while this is on.
   *
   * @param enabled default: true
   * @return this
   */
  public B relogin(boolean enabled) {
    options.byteValue(4).flag(enabled);
    return self();
  }

  /**
   * Takes a download that ends without TLS close_notify for complete when the server says 2xx.
   *
   * @param tolerate default: false; such a download may have been cut
   * @return this
   */
  public B tolerateMissingCloseNotify(boolean tolerate) {
    options.byteValue(5).flag(tolerate);
    return self();
  }

  /**
   * Connects data connections to the address in the reply to PASV.
   *
   * @param trust default: false; to the control connection's peer, because servers behind NAT name
   *     private addresses, and hostile ones name others'
   * @return this
   */
  public B trustPassiveAddress(boolean trust) {
    options.byteValue(6).flag(trust);
    return self();
  }

  /**
   * Lets the server make the data connections.
   *
   * @param mode default: null, passive mode, in which the client makes them
   * @return this
   */
  public B activeMode(ActiveMode mode) {
    LiveOptions.activeMode(options, mode);
    return self();
  }

  /**
   * How directories are listed.
   *
   * @param listing default: found out from FEAT, SYST and the lines
   * @return this
   */
  public B listing(ListingOptions listing) {
    LiveOptions.listing(options, listing);
    return self();
  }

  /**
   * The name of the virtual host to log in to, where a server has several (HOST, RFC 7151). A
   * server that does not know HOST, or that host, refuses the login.
   *
   * @param name default: none
   * @return this
   */
  public B virtualHost(String name) {
    options.byteValue(44).text(name);
    return self();
  }

  /**
   * Whether the size of an upload is announced before it begins, where it is known (ALLO). A server
   * without that much room can then refuse while the old file is still there.
   *
   * @param announce default: false
   * @return this
   */
  public B announceSizes(boolean announce) {
    options.byteValue(45).flag(announce);
    return self();
  }

  /**
   * How many payload bytes a second go at most, on average. The time that a limit costs is not
   * silence of the server, but part of the operation.
   *
   * @param download of what comes from the server; 0, the default, is no limit
   * @param upload of what goes there
   * @return this
   */
  public B rateLimits(long download, long upload) {
    LiveOptions.rateLimits(options, download, upload);
    return self();
  }

  /**
   * What ends a line of local texts in TYPE A. With {@link LineEnds#LF} an upload sends CR LF for
   * each LF that has no CR before it, and a download makes LF of CR LF; a CR or LF that is alone
   * stays as it is. In TYPE I, and in listings, nothing is converted.
   *
   * @param lineEnds default: CR LF
   * @return this
   */
  public B lineEnds(LineEnds lineEnds) {
    LiveOptions.lineEnds(options, lineEnds);
    return self();
  }

  /**
   * How long name resolution, the TCP connection and the TLS handshake together may take, each
   * time.
   *
   * @param timeout default: 30 s
   * @return this
   */
  public B connectTimeout(Duration timeout) {
    return timeout(LiveOptions.CONNECT_TIMEOUT, Objects.requireNonNull(timeout));
  }

  /**
   * How long one whole reply may take.
   *
   * @param timeout default: 60 s
   * @return this
   */
  public B replyTimeout(Duration timeout) {
    return timeout(LiveOptions.REPLY_TIMEOUT, Objects.requireNonNull(timeout));
  }

  /**
   * How long a data connection may be silent, and in active mode how long the server may take to
   * make it.
   *
   * @param timeout default: 60 s
   * @return this
   */
  public B dataTimeout(Duration timeout) {
    return timeout(LiveOptions.DATA_TIMEOUT, Objects.requireNonNull(timeout));
  }

  /**
   * How long a whole operation may take: connecting, logging in, a command, a listing, a transfer
   * from its opening to its end. Time spent in listeners, and between the calls of a transfer, does
   * not count.
   *
   * @param timeout default: null, no limit
   * @return this
   */
  public B operationTimeout(Duration timeout) {
    return timeout(LiveOptions.OPERATION_TIMEOUT, timeout);
  }

  /**
   * The character set of the server's file names, and of the user's name and password. What cannot
   * be written in it is refused. With UTF-8 the server is asked for it (OPTS UTF8 ON) where FEAT
   * names it.
   *
   * <p>Names that are not valid in it are not lost: a byte that is not becomes a character from
   * U+DC80 to U+DCFF (an unpaired low surrogate), and that byte again when the name is sent back.
   * Such a string cannot be written to a file or a terminal as it is; {@link FtpsEntry#nameBytes}
   * has the bytes.
   *
   * @param charset default: UTF-8; one that writes ASCII as ASCII
   * @return this
   */
  public B charset(Charset charset) {
    this.charset = Objects.requireNonNull(charset);
    options.byteValue(9).text(charset.name());
    return self();
  }

  /**
   * Hears every command (passwords masked) and reply, from the greeting on.
   *
   * @param listener default: null, none
   * @return this
   */
  public B dialogueListener(DialogueListener listener) {
    this.dialogue = listener;
    return self();
  }

  /**
   * Tries again what failed for a reason that may pass.
   *
   * @param policy default: null, never
   * @return this
   */
  public B retryPolicy(RetryPolicy policy) {
    RetryPolicy chosen = policy == null ? new RetryPolicy(0) : policy;
    options
        .byteValue(40)
        .intValue(chosen.attempts)
        .longValue(LiveOptions.nanoseconds(chosen.firstDelay))
        .longValue(LiveOptions.nanoseconds(chosen.longestDelay))
        .flag(chosen.listener != null);
    this.retryListener = chosen.listener;
    return self();
  }

  /**
   * Sends NOOP whenever the control connection has been silent for this time while a transfer is
   * under way. Between operations nothing is sent: see {@link FtpsClient#keepAlive}.
   *
   * @param interval default: null, never
   * @return this
   */
  public B keepAlive(Duration interval) {
    LiveOptions.keepAlive(options, interval);
    return self();
  }

  private B timeout(int tag, Duration timeout) {
    LiveOptions.timeout(options, tag, timeout);
    return self();
  }
}
