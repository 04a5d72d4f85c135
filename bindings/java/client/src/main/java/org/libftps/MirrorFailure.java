package org.libftps;

import java.util.Optional;

/** A step that failed. Immutable. */
public final class MirrorFailure {
  private final String path;
  private final FtpsException exception;
  private final MirrorAction action;

  MirrorFailure(Wire.Reader reader) {
    path = reader.text();
    exception = reader.nestedException();
    action = reader.flag() ? new MirrorAction(reader) : null;
  }

  /**
   * With which file or directory.
   *
   * @return the path beneath both roots
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

  /**
   * What was to be done.
   *
   * @return empty where it could not even be planned
   */
  public Optional<MirrorAction> action() {
    return Optional.ofNullable(action);
  }

  @Override
  public String toString() {
    return (action == null ? path : action.toString()) + ": " + exception.getMessage();
  }
}
