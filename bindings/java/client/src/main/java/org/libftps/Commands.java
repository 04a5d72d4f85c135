package org.libftps;

import java.io.IOException;
import java.time.Instant;

/**
 * The commands of a client that are answered by a reply alone, and what its other parts share.
 * {@link FtpsClient} has them as its own.
 */
abstract class Commands {
  private static final byte[] NOTHING = {};

  private final Session session;
  private final Upcalls upcalls;

  Commands(Session session, Upcalls upcalls) {
    this.session = session;
    this.upcalls = upcalls;
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
   * One entry (MLST, RFC 3659 section 7). Where the server has no MLST, the directory that holds it
   * is listed, and the entry is the one of that name: of a symbolic link then what is said of the
   * link itself.
   *
   * @param path empty for the current directory
   * @return what the server says about it
   * @throws IOException {@code refused} (without a reply where the listing does not have the name),
   *     {@code invalid-argument} for a path without a name on a server without MLST
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
   * For idle times: sends NOOP where the control connection has been silent for the interval of
   * {@link FtpsClient.Builder#keepAlive}, and does nothing otherwise. While a transfer is open, see
   * {@link FtpsTransfer#keepAlive}.
   *
   * @throws IOException the server is not there
   */
  public void keepAlive() throws IOException {
    perform(Operation.KEEP_ALIVE, "", "");
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

  Session session() {
    return session;
  }

  Upcalls upcalls() {
    return upcalls;
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
        number -> Native.perform(number, upcalls, operation.ordinal(), firstBytes, secondBytes));
  }
}
