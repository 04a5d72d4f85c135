package org.libftps;

import java.util.List;
import java.util.Optional;

/**
 * What became of a plan. Everything that the plan says is in it: done, failed, or not tried.
 * Immutable.
 */
public final class MirrorReport {
  private final String text;
  private final long files;
  private final long bytes;
  private final long directories;
  private final long deleted;
  private final long skipped;
  private final long timesNotSet;
  private final List<MirrorFailure> failures;
  private final List<MirrorAction> notDone;
  private final FtpsException endedBy;

  MirrorReport(Wire.Reader reader) {
    text = reader.ownText();
    files = reader.longValue();
    bytes = reader.longValue();
    directories = reader.longValue();
    deleted = reader.longValue();
    skipped = reader.longValue();
    timesNotSet = reader.longValue();
    failures = reader.all(MirrorFailure::new);
    notDone = reader.all(MirrorAction::new);
    endedBy = reader.nestedException();
  }

  /**
   * Whether everything was done.
   *
   * @return true without failures, and when nothing was left
   */
  public boolean isComplete() {
    return failures.isEmpty() && notDone.isEmpty();
  }

  /**
   * Files transferred.
   *
   * @return their number
   */
  public long files() {
    return files;
  }

  /**
   * Their bytes.
   *
   * @return their number
   */
  public long bytes() {
    return bytes;
  }

  /**
   * Directories made.
   *
   * @return their number
   */
  public long directories() {
    return directories;
  }

  /**
   * Files, links and directories deleted from the target.
   *
   * @return their number
   */
  public long deleted() {
    return deleted;
  }

  /**
   * Files in which nothing had to be done, or which the plan leaves out with a reason.
   *
   * @return their number
   */
  public long skipped() {
    return skipped;
  }

  /**
   * Uploaded files whose time the server did not set.
   *
   * @return their number
   */
  public long timesNotSet() {
    return timesNotSet;
  }

  /**
   * Steps that failed, and problems of the plan.
   *
   * @return unmodifiable
   */
  public List<MirrorFailure> failures() {
    return failures;
  }

  /**
   * Steps that were not tried, because the mirror was stopped or no connection was left.
   *
   * @return unmodifiable
   */
  public List<MirrorAction> notDone() {
    return notDone;
  }

  /**
   * Why something was left: {@code cancelled} where the mirror was stopped by {@link
   * MirrorPlan#abort} or {@link FtpsClient#abort}, else why no connection was left for what was not
   * tried.
   *
   * @return empty where nothing was left, and where {@link #failures} tell it
   */
  public Optional<FtpsException> endedBy() {
    return Optional.ofNullable(endedBy);
  }

  /** A line of numbers, and one for each step that failed or was not tried. */
  @Override
  public String toString() {
    return text;
  }
}
