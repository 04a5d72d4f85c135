package org.libftps;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** A directory. Immutable. */
public final class FtpsListing implements Iterable<FtpsEntry> {
  private final List<FtpsEntry> entries;
  private final List<String> unparsed;

  FtpsListing(List<FtpsEntry> entries, List<String> unparsed) {
    this.entries = Collections.unmodifiableList(entries);
    this.unparsed = Collections.unmodifiableList(unparsed);
  }

  /**
   * The entries.
   *
   * @return in the server's order; unmodifiable
   */
  public List<FtpsEntry> entries() {
    return entries;
  }

  /**
   * Lines that were not understood: the directory has more than the entries show.
   *
   * @return as they came, in the client's character set; unmodifiable
   */
  public List<String> unparsed() {
    return unparsed;
  }

  /** The entries, in the server's order. */
  @Override
  public Iterator<FtpsEntry> iterator() {
    return entries.iterator();
  }
}
