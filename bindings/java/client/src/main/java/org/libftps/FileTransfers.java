package org.libftps;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.function.LongConsumer;

/** The transfers of whole local files, and of parts. {@link FtpsClient} has them as its own. */
abstract class FileTransfers extends Transfers {
  // As `transfers.rs` counts the ways.
  private static final int DOWNLOAD = 0;
  private static final int UPLOAD = 1;
  private static final int DOWNLOAD_RESUMING = 2;
  private static final int UPLOAD_RESUMING = 3;
  private static final int UPLOAD_ATOMICALLY = 4;

  private static final byte[] NO_OPTIONS = {};

  FileTransfers(Session session, Upcalls upcalls) {
    super(session, upcalls);
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
    return transferFile(DOWNLOAD, local, remote, NO_OPTIONS, progress);
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
    return transferFile(UPLOAD, local, remote, NO_OPTIONS, progress);
  }

  /**
   * Receives what the local file does not have yet (REST, RETR). Where there is no local file it is
   * created. The last 4096 bytes of the local file are compared with the remote one before anything
   * is written. What fails later leaves what had arrived. Needs type I.
   *
   * @param remote the server's file
   * @param local a file of the default file system
   * @param progress hears the local file's length; null for none
   * @return the local file's length then
   * @throws IOException as {@link #openTransfer}; {@code mismatch} where the two differ or the
   *     remote file is the shorter one, and the local file is as it was
   */
  public long downloadResuming(String remote, Path local, ProgressListener progress)
      throws IOException {
    return transferFile(DOWNLOAD_RESUMING, local, remote, NO_OPTIONS, progress);
  }

  /**
   * Sends what the remote file does not have yet (REST and STOR; APPE where the server refuses
   * that). Where there is no remote file, all is sent. The last 4096 bytes of the remote file are
   * read and compared with the local one before anything is sent. Needs type I.
   *
   * @param local a file of the default file system
   * @param remote the server's file
   * @param progress hears the remote file's length; null for none
   * @return the length of both then
   * @throws IOException as {@link #openTransfer}; {@code mismatch} where the two differ or the
   *     local file is the shorter one, and the remote file is as it was; or where the server does
   *     not tell the local file's length in the end
   */
  public long uploadResuming(Path local, String remote, ProgressListener progress)
      throws IOException {
    return transferFile(UPLOAD_RESUMING, local, remote, NO_OPTIONS, progress);
  }

  /**
   * Sends a local file in such a way that the remote path has either what it had before or all of
   * the new content, whatever happens to the connection or to this process: under a temporary name,
   * whose length is then compared (SIZE, where the server has it), and which is then renamed (RNFR,
   * RNTO). Where that fails the temporary file is deleted; if it cannot be, the message names it.
   *
   * @param local a file of the default file system
   * @param remote the server's file
   * @param options how it is done; {@code new AtomicUpload()} is the default
   * @param progress null for none
   * @return its length in bytes
   * @throws IOException as {@link #openTransfer}; {@code local} when the file cannot be read;
   *     {@code refused} where the server does not rename onto an existing file and {@link
   *     AtomicUpload#replace} is not set
   */
  public long uploadAtomically(
      Path local, String remote, AtomicUpload options, ProgressListener progress)
      throws IOException {
    return transferFile(UPLOAD_ATOMICALLY, local, remote, options.encoded(), progress);
  }

  /**
   * Receives a part of a file. The rest is not transferred, and the connection is fit for the next
   * command. Needs type I.
   *
   * @param remote the server's file
   * @param offset where the part begins
   * @param length how many bytes are wanted
   * @param sink gets them; it is not closed
   * @return how many came: fewer only where the file ends before
   * @throws IOException as {@link #openTransfer}; what {@code sink} throws
   */
  public long downloadRange(String remote, long offset, long length, OutputStream sink)
      throws IOException {
    if (length < 0) {
      throw FtpsException.invalidArgument("a length is not negative: " + length);
    }
    try (FtpsTransfer transfer = openTransfer(Direction.DOWNLOAD, "RETR", remote, offset)) {
      byte[] buffer = new byte[16 * 1024];
      long left = length;
      while (left > 0) {
        int count = transfer.inputStream().read(buffer, 0, (int) Math.min(buffer.length, left));
        if (count < 0) {
          transfer.finish();
          return length - left;
        }
        sink.write(buffer, 0, count);
        left -= count;
      }
      transfer.stop();
      return length;
    }
  }

  private long transferFile(
      int way, Path local, String remote, byte[] options, ProgressListener progress)
      throws IOException {
    byte[] localBytes = LocalFiles.bytes(local);
    byte[] remoteBytes = session().encode(remote);
    LongConsumer consumer = progress == null ? null : progress::moved;
    return session()
        .command(
            number ->
                Native.transferFile(
                    number, upcalls(), way, localBytes, remoteBytes, options, consumer));
  }
}
