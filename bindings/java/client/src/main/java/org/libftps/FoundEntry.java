package org.libftps;

/** An entry that a walk has come to. Immutable. */
public final class FoundEntry {
  private final String path;
  private final FtpsEntry entry;

  FoundEntry(Wire.Reader reader) {
    path = reader.text();
    entry = new FtpsEntry(reader);
  }

  /**
   * Its path, beginning with that of the walk: what to send to the server.
   *
   * @return never empty
   */
  public String path() {
    return path;
  }

  /**
   * What the listing tells.
   *
   * @return never null
   */
  public FtpsEntry entry() {
    return entry;
  }

  @Override
  public String toString() {
    return entry.kind() + " " + path;
  }
}
