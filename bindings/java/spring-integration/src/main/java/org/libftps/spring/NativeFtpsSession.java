package org.libftps.spring;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Consumer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.commons.net.ftp.FTPFile;
import org.libftps.Statistics;
import org.libftps.commonsnet.NativeFTPSClient;
import org.springframework.integration.ftp.session.FtpSession;
import org.springframework.util.Assert;

/**
 * An {@link FtpSession} over the native client, without some of {@code FtpSession}'s faults:
 *
 * <ul>
 *   <li>{@link #rename} replaces the target, and does not delete it before.
 *   <li>{@link #exists} asks, and does not change the working directory to find out.
 *   <li>A raw read that was stopped before the end of the file leaves the session usable, and one
 *       that failed does not stand in the way of the next.
 *   <li>{@link #close} always closes the connection.
 * </ul>
 *
 * <p>One thread at a time may use a session. {@link #close} and {@link #getStatistics} may be
 * called by any thread; closing ends what is going on.
 */
public class NativeFtpsSession extends FtpSession {
  private static final Log LOGGER = LogFactory.getLog(NativeFtpsSession.class);

  private final NativeFTPSClient client;
  private final Consumer<Statistics> tally;
  private Statistics counted = Statistics.none();
  private volatile RawInput rawRead;
  private boolean rawReadRefused;

  /**
   * A session of a client that is logged in.
   *
   * @param client the client, which this session closes
   */
  public NativeFtpsSession(NativeFTPSClient client) {
    this(client, counts -> {});
  }

  /** Tells {@code tally} what was counted since it was told last. */
  NativeFtpsSession(NativeFTPSClient client, Consumer<Statistics> tally) {
    super(client);
    this.client = client;
    this.tally = tally;
  }

  // ---- Files ------------------------------------------------------------------------------------

  @Override
  public FTPFile[] list(String path) throws IOException {
    return counting(() -> super.list(path));
  }

  /**
   * The names in a directory; none, rather than null, where the server says that there are none.
   */
  @Override
  public String[] listNames(String path) throws IOException {
    String[] names = counting(() -> super.listNames(path));
    return names == null ? new String[0] : names;
  }

  @Override
  public void read(String path, OutputStream target) throws IOException {
    counting(
        () -> {
          super.read(path, target);
          return null;
        });
  }

  @Override
  public void write(InputStream source, String path) throws IOException {
    counting(
        () -> {
          super.write(source, path);
          return null;
        });
  }

  @Override
  public void append(InputStream source, String path) throws IOException {
    counting(
        () -> {
          super.append(source, path);
          return null;
        });
  }

  /**
   * Replaces the target in one step, where the server does. Where it refuses because the target is
   * there, the target is deleted first; never when the source is missing, or is the target itself.
   */
  @Override
  public void rename(String pathFrom, String pathTo) throws IOException {
    if (client.rename(pathFrom, pathTo)) {
      return;
    }
    String refusal = client.getReplyString().trim();
    boolean inTheWay = !pathFrom.equals(pathTo) && exists(pathFrom) && exists(pathTo);
    if (inTheWay && client.deleteFile(pathTo)) {
      if (client.rename(pathFrom, pathTo)) {
        return;
      }
      refusal = client.getReplyString().trim() + " (the file is there as " + pathFrom + ")";
    }
    throw new IOException(
        "Failed to rename " + pathFrom + " to " + pathTo + ". Server replied with: " + refusal);
  }

  /**
   * Whether there is a file or directory of this name. Asks with MLST where the server has it, else
   * with SIZE, a listing of it, and a listing of what it is in. Only where that tells nothing, the
   * working directory is changed and restored, as {@link FtpSession} does.
   *
   * @throws IOException when the server neither says yes nor no
   */
  @Override
  public boolean exists(String path) throws IOException {
    Assert.hasText(path, "'path' must not be empty");
    return counting(() -> new Existence(client).of(path, super::exists));
  }

  // ---- Raw reads --------------------------------------------------------------------------------

  /**
   * Opens a file. Read it to the end, or close it early, and call {@link #finalizeRaw} then, or
   * {@link #close}.
   */
  @Override
  public InputStream readRaw(String source) throws IOException {
    if (rawRead != null) {
      throw new IOException("Previous raw read was not finalized");
    }
    rawReadRefused = true;
    InputStream stream = client.retrieveFileStream(source);
    if (stream == null) {
      throw new IOException(
          "Failed to obtain InputStream for remote file "
              + source
              + ". Server replied with: "
              + client.getReplyString());
    }
    rawReadRefused = false;
    rawRead = new RawInput(stream);
    return rawRead;
  }

  /**
   * Ends a raw read.
   *
   * @return true when the whole file was read, and the server confirms it; false when the caller
   *     stopped before its end, which ends the transfer and leaves the session usable
   * @throws IOException when the transfer failed: what was read is not the file
   */
  @Override
  public boolean finalizeRaw() throws IOException {
    if (rawRead == null) {
      if (!rawReadRefused) {
        throw new IOException("Raw read is not in process");
      }
      rawReadRefused = false;
      return true;
    }
    RawInput ended = rawRead;
    rawRead = null;
    return counting(
        () -> {
          ended.close();
          boolean confirmed = client.completePendingCommand();
          if (ended.isWhole() && !confirmed) {
            throw new IOException(
                "The file was not read as a whole. Server replied with: "
                    + client.getReplyString().trim());
          }
          return confirmed;
        });
  }

  // ---- The connection ---------------------------------------------------------------------------

  /**
   * Whether the connection is there: asks the server with NOOP, but not while a raw read is open.
   */
  @Override
  public boolean isOpen() {
    if (rawRead != null) {
      return client.isAvailable();
    }
    try {
      client.noop();
      return true;
    } catch (IOException e) {
      LOGGER.debug("the session is not open any more", e);
      return false;
    } finally {
      count();
    }
  }

  @Override
  public boolean test() {
    return isOpen();
  }

  /** Ends an open raw read and the connection. From another thread it ends what is going on. */
  @Override
  public void close() {
    quietly(
        () -> {
          if (rawRead != null) {
            finalizeRaw();
          }
        });
    count();
    quietly(
        () -> {
          if (client.isAvailable()) {
            client.logout();
          }
        });
    quietly(client::disconnect);
  }

  // ---- Statistics -------------------------------------------------------------------------------

  /**
   * What this session has counted up to the end of its last operation: how many data connections
   * resumed, for instance. May be asked by any thread, also after {@link #close}.
   *
   * @return the counters
   */
  public synchronized Statistics getStatistics() {
    count();
    return counted;
  }

  private synchronized void count() {
    try {
      Statistics now = client.getStatistics();
      tally.accept(now.minus(counted));
      counted = now;
    } catch (IOException e) {
      // Closed, or in the middle of an operation, which counts when it ends.
    }
  }

  private <T> T counting(Operation<T> operation) throws IOException {
    try {
      return operation.run();
    } finally {
      count();
    }
  }

  private static void quietly(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      LOGGER.debug("closing a session", e);
    }
  }

  private interface Operation<T> {
    T run() throws IOException;
  }

  private interface Step {
    void run() throws IOException;
  }
}
