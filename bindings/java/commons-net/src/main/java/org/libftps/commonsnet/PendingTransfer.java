package org.libftps.commonsnet;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.libftps.Direction;
import org.libftps.FtpsException;
import org.libftps.FtpsReply;
import org.libftps.FtpsTransfer;

/**
 * The transfer under way, and once it is over its outcome, which {@code completePendingCommand}
 * reports.
 */
final class PendingTransfer {
  private final FtpsTransfer transfer;
  private final boolean isListing;
  private final InputStream input;
  private final OutputStream output;
  private long moved;
  private volatile boolean over;
  private volatile boolean aborted;
  private FtpsReply reply;
  private FtpsException refusal;
  private IOException failure;

  static PendingTransfer of(FtpsTransfer transfer, TransferVerb verb) throws IOException {
    return verb.direction() == Direction.UPLOAD
        ? new PendingTransfer(transfer, false, null, transfer.outputStream())
        : new PendingTransfer(transfer, verb.isListing(), transfer.inputStream(), null);
  }

  private PendingTransfer(
      FtpsTransfer transfer, boolean isListing, InputStream input, OutputStream output) {
    this.transfer = transfer;
    this.isListing = isListing;
    this.input = input;
    this.output = output;
  }

  boolean isOver() {
    return over;
  }

  /** The reply that ended the transfer positively, or null. */
  FtpsReply reply() {
    return reply;
  }

  /** The ordinary refusal that ended it, or null. */
  FtpsException refusal() {
    return refusal;
  }

  /**
   * What broke it, or null. Another exception each time: a stream's close may add it to the first.
   */
  IOException failure() {
    if (failure == null) {
      return null;
    }
    IOException explained = Failures.explained(failure, true);
    return explained == failure ? new IOException(failure.getMessage(), failure) : explained;
  }

  int read(byte[] buffer, int offset, int length) throws IOException {
    if (input == null) {
      throw new IOException("the open transfer is an upload");
    }
    if (over) {
      checkNotLost();
      return -1;
    }
    int count;
    try {
      count = input.read(buffer, offset, length);
    } catch (IOException e) {
      end(e);
      return -1;
    }
    if (count < 0) {
      finish();
      return -1;
    }
    moved += count;
    return count;
  }

  void write(byte[] bytes, int offset, int length) throws IOException {
    if (output == null) {
      throw new IOException("the open transfer is a download");
    }
    if (over) {
      checkNotLost();
      throw new IOException("the transfer is over", refusal);
    }
    try {
      output.write(bytes, offset, length);
    } catch (IOException e) {
      end(e);
      throw e;
    }
    moved += length;
  }

  /** The payload is complete: the server has to agree. */
  void finish() throws IOException {
    if (over) {
      checkNotLost();
      return;
    }
    try {
      if (output != null) {
        output.flush();
      }
      reply = transfer.finish();
      over = true;
    } catch (IOException e) {
      end(e);
    }
  }

  /** Gives the transfer up, so that the server cannot take a part for the whole. */
  void abort() {
    if (!over) {
      aborted = true;
      over = true;
      transfer.abort();
    }
  }

  /** Takes an ordinary refusal for the outcome, and throws anything else. */
  private void end(IOException error) throws IOException {
    if (!(error instanceof FtpsException) || !isOrdinary((FtpsException) error)) {
      throw failed(error);
    }
    refusal = (FtpsException) error;
    over = true;
  }

  /**
   * What began to come was not refused, but cut; and a listing that failed must not pass for an
   * empty one.
   */
  private boolean isOrdinary(FtpsException e) {
    boolean cut = input != null && (moved > 0 || e.bytesMoved() > 0);
    return Failures.isOrdinaryRefusal(e) && !cut && (!isListing || Failures.isAboutName(e));
  }

  private IOException failed(IOException error) {
    failure = error;
    abort();
    return Failures.explained(error, true);
  }

  private void checkNotLost() throws IOException {
    if (failure != null) {
      throw failure();
    }
    if (aborted) {
      throw new IOException("the transfer was aborted");
    }
  }
}
