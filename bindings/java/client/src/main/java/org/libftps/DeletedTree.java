package org.libftps;

import java.util.List;

/** What became of a tree that was to be deleted. Immutable. */
public final class DeletedTree {
  private final long files;
  private final long directories;
  private final List<PathFailure> failures;

  DeletedTree(Wire.Reader reader) {
    files = reader.longValue();
    directories = reader.longValue();
    failures = reader.all(PathFailure::new);
  }

  /**
   * Files, links and other entries that are gone.
   *
   * @return their number
   */
  public long files() {
    return files;
  }

  /**
   * Directories that are gone.
   *
   * @return their number
   */
  public long directories() {
    return directories;
  }

  /**
   * What could not be listed or deleted. A directory with something left in it is named too.
   *
   * @return empty when all is gone; unmodifiable
   */
  public List<PathFailure> failures() {
    return failures;
  }

  @Override
  public String toString() {
    return files + " files, " + directories + " directories deleted; failures " + failures;
  }
}
