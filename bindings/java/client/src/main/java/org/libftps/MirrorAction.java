package org.libftps;

import java.util.OptionalLong;

/** One step of a plan. Immutable. */
public final class MirrorAction {
  /** What is done. */
  public enum Kind {
    /** The directory is made. */
    CREATE_DIRECTORY,
    /** The file is sent. */
    UPLOAD,
    /** The file is received. */
    DOWNLOAD,
    /** The file or link is deleted from the target. */
    DELETE_FILE,
    /** The directory, which is empty by then, is deleted from the target. */
    DELETE_DIRECTORY,
    /** Nothing. */
    SKIP
  }

  /** Why. */
  public enum Reason {
    /** The target has none. */
    MISSING,
    /** The sizes differ. */
    SIZE_DIFFERS,
    /** The source is newer. */
    NEWER,
    /** The source is older. */
    OLDER,
    /** The hashes differ. */
    HASH_DIFFERS,
    /** Nothing was compared, as asked. */
    ALWAYS,
    /** Both are the same. */
    SAME,
    /** The time is not known on both sides; the sizes are the same, or not known either. */
    TIME_UNKNOWN,
    /** The source has none. */
    EXTRANEOUS,
    /** A filter leaves it out. */
    EXCLUDED,
    /** It is a symbolic link: links are not followed, and not made. */
    LINK,
    /** It is neither file, directory nor link. */
    SPECIAL,
    /**
     * It is the temporary file of a mirror: such files are not taken over, and those of others not
     * deleted.
     */
    TEMPORARY,
    /** It is the temporary file of a mirror that was killed, more than an hour ago. */
    ABANDONED,
    /**
     * It would be deleted, but a part of the source could not be read: what is missing there may be
     * in that part.
     */
    SOURCE_INCOMPLETE
  }

  private final Kind kind;
  private final Reason reason;
  private final String path;
  private final long size;

  MirrorAction(Wire.Reader reader) {
    kind = reader.choice(Kind.values());
    reason = reader.choice(Reason.values());
    path = reader.text();
    size = reader.longValue();
  }

  /**
   * What is done.
   *
   * @return never null
   */
  public Kind kind() {
    return kind;
  }

  /**
   * Why.
   *
   * @return never null
   */
  public Reason reason() {
    return reason;
  }

  /**
   * With what.
   *
   * @return the path beneath both roots; empty for the root itself
   */
  public String path() {
    return path;
  }

  /**
   * The size of the source in bytes.
   *
   * @return empty where it is not known
   */
  public OptionalLong size() {
    return size < 0 ? OptionalLong.empty() : OptionalLong.of(size);
  }

  @Override
  public String toString() {
    return kind + " " + path + ": " + reason;
  }
}
