package org.libftps;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One file, directory or link of a listing, as the server described it. Immutable.
 *
 * <p>Names and other words are the server's and not to be trusted: a name may hold {@code /},
 * {@code \}, {@code ..} or control characters. Never join one to a local path without a look at it.
 */
public final class FtpsEntry {
  /** What an entry is. */
  public enum Kind {
    /** An ordinary file. */
    FILE,
    /** A directory. */
    DIRECTORY,
    /** A symbolic link, to whatever. */
    SYMLINK,
    /** The directory that was listed. */
    CURRENT_DIRECTORY,
    /** A directory above it. */
    PARENT_DIRECTORY,
    /** Something else: a device, a socket, a pipe. */
    OTHER,
    /** The listing does not tell. */
    UNKNOWN
  }

  private final Kind kind;
  private final String name;
  private final byte[] nameBytes;
  private final byte[] raw;
  private final String linkTarget;
  private final long size;
  private final FtpsTimestamp modified;
  private final String owner;
  private final String group;
  private final String permissions;
  private final String unique;
  private final Map<String, String> facts;

  FtpsEntry(Wire.Reader reader) {
    kind = reader.choice(Kind.values());
    nameBytes = reader.bytes();
    name = reader.decode(nameBytes);
    raw = reader.bytes();
    linkTarget = reader.text();
    size = reader.longValue();
    modified = reader.flag() ? reader.timestamp() : null;
    owner = reader.text();
    group = reader.text();
    permissions = reader.text();
    unique = reader.text();
    facts = Collections.unmodifiableMap(reader.pairs());
  }

  /**
   * What it is.
   *
   * @return never null
   */
  public Kind kind() {
    return kind;
  }

  /**
   * Whether it is an ordinary file.
   *
   * @return false also where the listing does not tell
   */
  public boolean isFile() {
    return kind == Kind.FILE;
  }

  /**
   * Whether it is a directory, other than the one that was listed and its parent.
   *
   * @return false also where the listing does not tell
   */
  public boolean isDirectory() {
    return kind == Kind.DIRECTORY;
  }

  /**
   * The name exactly as listed, blanks included, in the client's character set: what to send back
   * to the server. Bytes that are not valid there are kept as unpaired surrogates, see {@link
   * FtpsClient.Builder#charset}.
   *
   * @return never empty
   */
  public String name() {
    return name;
  }

  /**
   * The name's bytes.
   *
   * @return a copy
   */
  public byte[] nameBytes() {
    return nameBytes.clone();
  }

  /**
   * The line of the listing. Where the server wrapped the entry, both lines with a LF in between.
   *
   * @return a copy, without the line end
   */
  public byte[] raw() {
    return raw.clone();
  }

  /**
   * Where a symbolic link leads.
   *
   * @return empty where the listing does not tell
   */
  public Optional<String> linkTarget() {
    return Optional.ofNullable(linkTarget);
  }

  /**
   * The size in bytes. Servers report sizes of directories and links as well. Sizes in anything but
   * bytes (OpenVMS' blocks, z/OS' tracks and records, the {@code 1.2K} of {@code ls -h}) are not
   * told, since they are no more than estimates; they are in {@link #raw}.
   *
   * @return empty where the listing does not tell
   */
  public OptionalLong size() {
    return size < 0 ? OptionalLong.empty() : OptionalLong.of(size);
  }

  /**
   * The time of last modification.
   *
   * @return empty where the listing does not tell
   */
  public Optional<FtpsTimestamp> modified() {
    return Optional.ofNullable(modified);
  }

  /**
   * The owner, as a name or a number.
   *
   * @return empty where the listing does not tell
   */
  public Optional<String> owner() {
    return Optional.ofNullable(owner);
  }

  /**
   * The group, as a name or a number.
   *
   * @return empty where the listing does not tell
   */
  public Optional<String> group() {
    return Optional.ofNullable(group);
  }

  /**
   * The permissions in the form of the listing: {@code rwxr-xr-x} of {@code ls}, {@code 0755} of
   * the MLSx fact {@code UNIX.mode} and of EPLF, OpenVMS' {@code RWED,RWED,RE,}, NetWare's {@code
   * RWCEAFMS}.
   *
   * @return empty where the listing does not tell
   */
  public Optional<String> permissions() {
    return Optional.ofNullable(permissions);
  }

  /**
   * What is the same for all names of one file: the MLSx fact {@code unique} (RFC 3659 section
   * 7.5.2), or EPLF's {@code i}.
   *
   * @return empty where the listing does not tell
   */
  public Optional<String> unique() {
    return Optional.ofNullable(unique);
  }

  /**
   * The facts of MLSx (RFC 3659 section 7.5), names in lower case, in the server's order.
   *
   * @return empty for other listings; unmodifiable
   */
  public Map<String, String> facts() {
    return facts;
  }

  @Override
  public String toString() {
    return kind + " " + name;
  }
}
