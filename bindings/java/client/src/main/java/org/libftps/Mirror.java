package org.libftps;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * What to make like what. {@link #plan(FtpsPool)} then looks at both sides and says what is to be
 * done.
 *
 * <pre>{@code
 * Mirror mirror = Mirror.upload(Paths.get("site"), "/www").exclude("*.bak");
 * MirrorPlan plan = mirror.plan(pool);
 * System.out.print(plan);
 * MirrorReport report = plan.execute(pool, null);
 * System.out.print(report);
 * }</pre>
 *
 * <p>Files are taken over with their times, so that the next time nothing is left to do. Links are
 * reported, neither followed nor made. Nothing of the target is deleted unless {@link
 * #deleteExtraneous} says so.
 *
 * <p>A file that is received is called {@code .ftps-PROCESS-NUMBER.part} until it is complete. A
 * process that is killed leaves such files, and a download deletes those that it meets in its
 * target: where nobody has them open for writing (by a lock, flock) and nobody has written to them
 * for an hour. Files of this name are never taken over.
 *
 * <p>Immutable: each method returns another value.
 */
public final class Mirror {
  /** What makes two files differ. */
  public enum Compare {
    /**
     * Their size, or their time. Times count as far as both sides have them exact: MLSD and MDTM
     * tell seconds, LIST minutes or days. Where the server sets no times, an upload is repeated
     * only when the local file is newer.
     */
    SIZE_AND_TIME,
    /** Their size alone. */
    SIZE,
    /**
     * Their size, or a hash that the server computes (the strongest one it offers). Every file of
     * the same size is read on both sides.
     */
    HASH,
    /** Nothing: every file is transferred. */
    NOTHING
  }

  private final Direction direction;
  private final Path local;
  private final String remote;
  private Compare compare = Compare.SIZE_AND_TIME;
  private Duration tolerance = Duration.ZERO;
  private boolean deleteExtraneous;
  private boolean atomicUploads = true;
  private List<String> included = Collections.emptyList();
  private List<String> excluded = Collections.emptyList();

  private Mirror(Direction direction, Path local, String remote) {
    this.direction = direction;
    this.local = Objects.requireNonNull(local);
    this.remote = Objects.requireNonNull(remote);
  }

  private Mirror(Mirror other) {
    this(other.direction, other.local, other.remote);
    compare = other.compare;
    tolerance = other.tolerance;
    deleteExtraneous = other.deleteExtraneous;
    atomicUploads = other.atomicUploads;
    included = other.included;
    excluded = other.excluded;
  }

  /**
   * Makes a local directory like a remote one.
   *
   * @param remote a directory of the server
   * @param local a directory of the default file system, which is made where there is none
   * @return a mirror with its defaults
   */
  public static Mirror download(String remote, Path local) {
    return new Mirror(Direction.DOWNLOAD, local, remote);
  }

  /**
   * Makes a remote directory like a local one.
   *
   * @param local a directory of the default file system
   * @param remote a directory of the server, which is made where there is none
   * @return a mirror with its defaults
   */
  public static Mirror upload(Path local, String remote) {
    return new Mirror(Direction.UPLOAD, local, remote);
  }

  /**
   * What makes two files differ.
   *
   * @param compare default: size and time
   * @return the same with that choice
   */
  public Mirror compare(Compare compare) {
    Mirror changed = new Mirror(this);
    changed.compare = Objects.requireNonNull(compare);
    return changed;
  }

  /**
   * Times that differ by no more than this are the same. 2 s suit a FAT file system.
   *
   * @param tolerance default: none; whole seconds
   * @return the same with that tolerance
   */
  public Mirror tolerance(Duration tolerance) {
    if (tolerance.isNegative()) {
      throw new IllegalArgumentException("a tolerance is not negative: " + tolerance);
    }
    Mirror changed = new Mirror(this);
    changed.tolerance = tolerance;
    return changed;
  }

  /**
   * Whether what only the target has is deleted. What a filter leaves out stays, and so does
   * everything as long as a part of the source cannot be read.
   *
   * @param delete default: false
   * @return the same with that choice
   */
  public Mirror deleteExtraneous(boolean delete) {
    Mirror changed = new Mirror(this);
    changed.deleteExtraneous = delete;
    return changed;
  }

  /**
   * Whether an upload gets its name only when it is complete, as with {@link
   * FtpsClient#uploadAtomically}. Downloads always do.
   *
   * @param atomic default: true
   * @return the same with that choice
   */
  public Mirror atomicUploads(boolean atomic) {
    Mirror changed = new Mirror(this);
    changed.atomicUploads = atomic;
    return changed;
  }

  /**
   * Takes over only files that match this pattern or another that was added; directories as far as
   * they are needed.
   *
   * @param pattern as in {@link FtpsClient#glob}. One without {@code /} is a pattern of names at
   *     any depth, others begin at the root.
   * @return the same with that pattern too
   */
  public Mirror include(String pattern) {
    Mirror changed = new Mirror(this);
    changed.included = with(included, pattern);
    return changed;
  }

  /**
   * Leaves out what matches this pattern, with all that is beneath, also where it is included.
   *
   * @param pattern as in {@link #include}
   * @return the same with that pattern too
   */
  public Mirror exclude(String pattern) {
    Mirror changed = new Mirror(this);
    changed.excluded = with(excluded, pattern);
    return changed;
  }

  /**
   * Looks at both sides. Nothing is changed: this is the dry run.
   *
   * @param client any client of the server
   * @return what is to be done
   * @throws FtpsException {@code invalid-argument} where a pattern is none; {@code local}, {@code
   *     refused} where the source is not there; those of listings where the connection does not
   *     allow to go on. What else cannot be read is in {@link MirrorPlan#problems}.
   * @throws IOException the thread was interrupted
   */
  public MirrorPlan plan(FtpsClient client) throws IOException {
    Session session = client.session();
    byte[] encoded = encoded(session);
    byte[] plan = session.command(number -> Native.plan(number, client.upcalls(), encoded));
    return new MirrorPlan(session.reader(plan), session.names());
  }

  /**
   * The same with a connection of a pool, which gets it back.
   *
   * @param pool a pool of the server's connections
   * @return what is to be done
   * @throws FtpsException those of {@link FtpsPool#lease} and {@link #plan(FtpsClient)}
   * @throws IOException the thread was interrupted
   */
  public MirrorPlan plan(FtpsPool pool) throws IOException {
    try (FtpsClient client = pool.lease()) {
      return plan(client);
    }
  }

  private byte[] encoded(Session session) throws FtpsException {
    return new Wire.Writer()
        .byteValue(direction.ordinal())
        .bytes(LocalFiles.bytes(local))
        .bytes(session.encode(remote))
        .byteValue(compare.ordinal())
        .longValue(LiveOptions.nanoseconds(tolerance))
        .flag(deleteExtraneous)
        .flag(atomicUploads)
        .list(encoded(session, included))
        .list(encoded(session, excluded))
        .finish();
  }

  private static List<byte[]> encoded(Session session, List<String> patterns) throws FtpsException {
    List<byte[]> encoded = new ArrayList<>();
    for (String pattern : patterns) {
      encoded.add(session.encode(pattern));
    }
    return encoded;
  }

  private static List<String> with(List<String> patterns, String pattern) {
    List<String> more = new ArrayList<>(patterns);
    more.add(Objects.requireNonNull(pattern));
    return more;
  }
}
