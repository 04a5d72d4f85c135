package org.libftps.spring;

import java.io.IOException;
import org.libftps.Statistics;
import org.libftps.commonsnet.NativeFTPSClient;
import org.springframework.integration.ftp.session.FtpSession;

/**
 * An {@link FtpSession} that does not delete before it has to, and can tell how its data
 * connections fared.
 */
public class NativeFtpsSession extends FtpSession {
  private final NativeFTPSClient client;

  /**
   * A session of a client that is logged in.
   *
   * @param client the client, which this session closes
   */
  public NativeFtpsSession(NativeFTPSClient client) {
    super(client);
    this.client = client;
  }

  /**
   * Replaces the target. It is deleted first only where the server does not replace it by itself,
   * and never when the source is missing.
   */
  @Override
  public void rename(String pathFrom, String pathTo) throws IOException {
    if (client.rename(pathFrom, pathTo)) {
      return;
    }
    String reply = client.getReplyString().trim();
    boolean inTheWay = super.exists(pathFrom) && super.exists(pathTo);
    if (!inTheWay || !client.deleteFile(pathTo) || !client.rename(pathFrom, pathTo)) {
      throw new IOException(
          "Failed to rename " + pathFrom + " to " + pathTo + ". Server replied with: " + reply);
    }
  }

  /**
   * Asks with MLST where the server has it; else lists, and as a last resort changes the directory,
   * as {@link FtpSession} does.
   */
  @Override
  public boolean exists(String path) throws IOException {
    return client.hasFeature("MLST") ? client.mlistFile(path) != null : super.exists(path);
  }

  /**
   * What this session's client has counted: how many data connections resumed, for instance.
   *
   * @return the counters
   * @throws IOException when the session is closed
   */
  public Statistics getStatistics() throws IOException {
    return client.getStatistics();
  }
}
