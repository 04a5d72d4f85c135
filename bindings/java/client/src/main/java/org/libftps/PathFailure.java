package org.libftps;

/** What could not be done, and with which file or directory. Immutable. */
public final class PathFailure {
  private final String path;
  private final FtpsException exception;

  PathFailure(Wire.Reader reader) {
    path = reader.text();
    exception = reader.nestedException();
  }

  /**
   * The file or directory.
   *
   * @return a path of its side
   */
  public String path() {
    return path;
  }

  /**
   * Why.
   *
   * @return never null
   */
  public FtpsException exception() {
    return exception;
  }

  @Override
  public String toString() {
    return path + ": " + exception.getMessage();
  }
}
