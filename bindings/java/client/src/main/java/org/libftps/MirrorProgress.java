package org.libftps;

/** How far a plan has come. Immutable. */
public final class MirrorProgress {
  private final MirrorAction action;
  private final long moved;
  private final boolean isOver;
  private final long filesOver;
  private final long files;
  private final long bytesMoved;
  private final long bytes;

  MirrorProgress(Wire.Reader reader) {
    action = new MirrorAction(reader);
    moved = reader.longValue();
    isOver = reader.flag();
    filesOver = reader.longValue();
    files = reader.longValue();
    bytesMoved = reader.longValue();
    bytes = reader.longValue();
  }

  /**
   * The step that this is about.
   *
   * @return never null
   */
  public MirrorAction action() {
    return action;
  }

  /**
   * Bytes of its file that have moved.
   *
   * @return their number
   */
  public long moved() {
    return moved;
  }

  /**
   * Whether the step is over.
   *
   * @return done, or failed
   */
  public boolean isOver() {
    return isOver;
  }

  /**
   * Files that are over.
   *
   * @return their number
   */
  public long filesOver() {
    return filesOver;
  }

  /**
   * Files that there are to transfer.
   *
   * @return their number
   */
  public long files() {
    return files;
  }

  /**
   * Bytes of all files that have moved.
   *
   * @return their number
   */
  public long bytesMoved() {
    return bytesMoved;
  }

  /**
   * Bytes that there are to transfer.
   *
   * @return their number, as far as sizes were known
   */
  public long bytes() {
    return bytes;
  }
}
