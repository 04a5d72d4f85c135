package org.libftps.commonsnet;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.apache.commons.net.ftp.FTPReply;
import org.apache.commons.net.ftp.FTPSClient;
import org.apache.commons.net.io.CopyStreamException;
import org.libftps.FtpsClient;
import org.libftps.FtpsException;
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
 *   <li>Data connections are protected (PROT P) from the login on, without {@code execPBSZ} and
 *       {@code execPROT}.
 *   <li>Certificates are verified against what the JVM trusts, and the host name is checked, unless
 *       a trust manager says otherwise.
 *   <li>A refused data connection, 421, 425, 426 and I/O failures are exceptions with the reply in
 *       the message, never null or an empty listing. An ordinary 450 or 550 gives null, false or an
 *       empty array, as ever.
 *   <li>No wait is endless: a timeout of 0, which is the default, is one of 60 s, and of 30 s for
 *       connecting.
 *   <li>An upload whose source fails is aborted, so that the server does not take a part for the
 *       whole; a download whose target fails is too. The connection goes on.
 *   <li>What cannot work is refused with an {@link UnsupportedOperationException} that names it.
 * </ul>
 *
 * <p>As with {@code FTPSClient}, every {@code connect} begins in active mode, which most networks
 * do not let through: call {@link #enterLocalPassiveMode} after it. Callers that leave the choice
 * to this default (Camel without {@code passiveMode=true}, VFS) get what they were set up for.
 *
 * <p>One instance can connect any number of times. It is for one thread at a time; only {@link
 * #disconnect} may be called from another thread, and ends what is going on.
 */
public class NativeFTPSClient extends CommandingFTPSClient {
  private static final String BEGUN = "150 The data connection is open.";
  private static final String ABORTED = "426 The transfer was aborted by the client.";

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
   * policy. They are applied last, each time this client connects; but {@link
   * #enterLocalActiveMode}, {@link #enterLocalPassiveMode} and the setters of active mode decide
   * who makes the data connections.
   *
   * @param options changes the builder it is given
   */
  public void setOptions(Consumer<FtpsClient.Builder> options) {
    applyWhenConnecting(options);
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

  // ---- Transfers --------------------------------------------------------------------------------

  @Override
  protected Socket _openDataConnection_(String command, String arg) throws IOException {
    TransferVerb verb = TransferVerb.of(command);
    long offset = Math.max(getRestartOffset(), state().markedOffset);
    state().abandonTransfer();
    alignType();
    setRestartOffset(0);
    state().markedOffset = 0;
    dialogue.expectPreliminary();
    try {
      connection().setActiveMode(activeMode());
      PendingTransfer transfer =
          PendingTransfer.of(
              connection().openTransfer(verb.direction(), command, encoded(arg), offset), verb);
      state().begin(transfer);
      if (dialogue.preliminary() != null) {
        record(dialogue.preliminary());
      } else {
        record(BEGUN);
      }
      int soTimeout = (int) Math.max(0, getDataTimeout().toMillis());
      return new DataSocket(connection(), transfer, remoteInetSocketAddress, soTimeout);
    } catch (FtpsException e) {
      if (isOrdinaryRefusal(e, verb)) {
        record(e);
        return null;
      }
      throw failed(e);
    }
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
    PendingTransfer ended = state().takePending();
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
      return super._storeFile(
          command, remote, new UploadSource(local, () -> state().abandonTransfer()));
    } catch (CopyStreamException e) {
      PendingTransfer ended = state().pending();
      if (ended != null && ended.refusal() != null) {
        // A refusal may come while the payload is under way already.
        return completePendingCommand();
      }
      throw failed(Failures.uncovered(e));
    } finally {
      state().abandonTransfer();
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
      state().abandonTransfer();
    }
  }
}
