package org.libftps;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

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
   * <b>INSECURE</b>: ends TLS on the control connection (CCC, RFC 4217 section 12.3), after login.
   * From here on whoever is in between can read commands and replies, file names among them, and
   * insert others. For firewalls that have to read PORT and PASV. Data connections are as protected
   * as before, and still resume the control connection's session; a silent re-login ends TLS again.
   *
   * @throws IOException {@code refused} where the server does not offer it: TLS then goes on
   */
  public void clearCommandChannel() throws IOException {
    perform(Operation.CLEAR_COMMAND_CHANNEL, "", "");
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

  /**
   * Sets when a file was last modified, to the second: with MFMT, where the server does not know it
   * MDTM with a time, and else SITE UTIME. What works is remembered for the login.
   *
   * @param path the file
   * @param time in the years 0 to 9999
   * @throws IOException {@code refused} where the server knows none of them, among others
   */
  public void setModificationTime(String path, Instant time) throws IOException {
    byte[] seconds = new Wire.Writer().longValue(time.getEpochSecond()).finish();
    perform(Operation.SET_MODIFICATION_TIME, session.encode(path), seconds);
  }

  /**
   * Sets the permissions of a file on a Unix server (SITE CHMOD).
   *
   * @param path the file
   * @param mode for instance {@code 0640}, at most {@code 07777}
   * @throws IOException {@code refused}, among others
   */
  public void setPermissions(String path, int mode) throws IOException {
    perform(
        Operation.SET_PERMISSIONS, session.encode(path), new Wire.Writer().intValue(mode).finish());
  }

  /**
   * Sets which permissions new files and directories do not get on a Unix server (SITE UMASK). A
   * silent re-login sets it again.
   *
   * @param mask for instance {@code 027}, at most {@code 07777}
   * @throws IOException {@code refused}, among others
   */
  public void setUmask(int mask) throws IOException {
    perform(Operation.SET_UMASK, new Wire.Writer().intValue(mask).finish(), NOTHING);
  }

  /**
   * Chooses the facts that MLSD and MLST tell (OPTS MLST, RFC 3659 section 7.9). A silent re-login
   * chooses them again. Some servers say yes and go on telling all.
   *
   * @param facts for instance {@code type}, {@code size} and {@code modify}
   * @throws IOException {@code refused}, among others
   */
  public void setMlstFacts(String... facts) throws IOException {
    StringBuilder names = new StringBuilder();
    for (String fact : facts) {
      names.append(fact).append(';');
    }
    perform(Operation.SET_MLST_FACTS, names.toString(), "");
  }

  /**
   * The hashes that the server says it can compute (FEAT).
   *
   * @return the strongest first; empty where there are none
   * @throws IOException {@code wrong-state} when the client is closed or in use
   */
  public List<HashAlgorithm> hashAlgorithms() throws IOException {
    List<HashAlgorithm> algorithms = new ArrayList<>();
    for (byte ordinal : perform(Operation.HASH_ALGORITHMS, NOTHING, NOTHING)) {
      algorithms.add(HashAlgorithm.values()[ordinal]);
    }
    return algorithms;
  }

  /**
   * The hash of a file, computed by the server: with HASH where it offers the algorithm there, else
   * with a command of its own (XSHA256). The timeout for replies has to allow for that.
   *
   * @param path the file
   * @param algorithm by which
   * @return its bytes
   * @throws IOException {@code refused}, among others
   */
  public byte[] hash(String path, HashAlgorithm algorithm) throws IOException {
    return perform(Operation.HASH, session.encode(path), new byte[] {(byte) algorithm.ordinal()});
  }

  /**
   * Compares a local and a remote file by the strongest hash that the server offers.
   *
   * @param local in the default file system
   * @param remote the file on the server
   * @return by which hash
   * @throws IOException {@code mismatch} where they differ, {@code refused} where the server offers
   *     no hash, among others
   */
  public HashAlgorithm verify(Path local, String remote) throws IOException {
    byte[] answer = perform(Operation.VERIFY, LocalFiles.bytes(local), session.encode(remote));
    return HashAlgorithm.values()[answer[0]];
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

  final Wire.Reader reader(Operation operation, String first, String second) throws IOException {
    return session.reader(perform(operation, first, second));
  }

  private byte[] perform(Operation operation, String first, String second) throws IOException {
    byte[] firstBytes = first.isEmpty() ? NOTHING : session.encode(first);
    byte[] secondBytes = second.isEmpty() ? NOTHING : session.encode(second);
    return perform(operation, firstBytes, secondBytes);
  }

  private byte[] perform(Operation operation, byte[] first, byte[] second) throws IOException {
    return session.command(
        number -> Native.perform(number, upcalls, operation.ordinal(), first, second));
  }
}
