package org.libftps;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What a client does with whole trees of the server. {@link FtpsClient} has it as its own. */
abstract class Trees extends FileTransfers {
  Trees(Session session, Upcalls upcalls) {
    super(session, upcalls);
  }

  /**
   * All that is beneath a directory, depth first, each directory before what is in it. Directories
   * are listed one by one as the stream comes to them; until its end, every command fails with kind
   * {@code wrong-state}. Symbolic links are told as such and not followed; since some servers
   * (ProFTPD) show them as directories in MLSD, a directory with subdirectories is listed a second
   * time with LIST.
   *
   * <p>Failures that end the walk come as {@link UncheckedIOException}.
   *
   * @param path empty for the current directory
   * @param failures gets what the walk goes on after: a directory that cannot be listed, a line
   *     that is not understood, a loop
   * @return a sequential stream; close it, which ends the walk
   * @throws IOException {@code wrong-state}; the thread was interrupted
   */
  public Stream<FoundEntry> walk(String path, Consumer<PathFailure> failures) throws IOException {
    return walk(path, directory -> true, failures);
  }

  /**
   * The same without what is in certain directories.
   *
   * @param path empty for the current directory
   * @param descends asked about each directory before the stream has it: whether to go into it
   * @param failures gets what the walk goes on after
   * @return a sequential stream; close it, which ends the walk
   * @throws IOException as {@link #walk(String, Consumer)}
   */
  public Stream<FoundEntry> walk(
      String path, Predicate<FoundEntry> descends, Consumer<PathFailure> failures)
      throws IOException {
    return new WalkReader(this, session().encode(path), false, descends, failures).stream();
  }

  /**
   * All that matches a pattern, for instance {@code inbox/2026-*.csv}, in the order of {@link
   * #walk(String, Consumer)}. Only directories in which something can match are listed.
   *
   * <p>{@code *} is any number of characters in one name, {@code ?} one, {@code [a-z]} one of these
   * and {@code [!a-z]} one of the others, {@code **} any number of directories; {@code \} takes
   * away the meaning of the character that follows.
   *
   * @param pattern the pattern
   * @param failures gets what the walk goes on after
   * @return a sequential stream; close it, which ends the walk
   * @throws IOException {@code invalid-argument} where it is no pattern; {@code wrong-state}; the
   *     thread was interrupted
   */
  public Stream<FoundEntry> glob(String pattern, Consumer<PathFailure> failures)
      throws IOException {
    return new WalkReader(this, session().encode(pattern), true, directory -> true, failures)
        .stream();
  }

  /**
   * Deletes a directory with all that is beneath it. Links are deleted, not followed. What cannot
   * be deleted is named in the outcome, and the rest is deleted all the same.
   *
   * @param path the directory
   * @return what is gone, and what is not: look at {@link DeletedTree#failures}
   * @throws IOException the connection does not allow to go on; the thread was interrupted
   */
  public DeletedTree deleteTree(String path) throws IOException {
    return new DeletedTree(reader(Operation.DELETE_TREE, path, ""));
  }

  /** Executes plan number {@code plan}, and gives its report. */
  final Wire.Reader execute(long plan, byte[] options, Object progress) throws IOException {
    byte[] report =
        session().command(number -> Native.execute(number, upcalls(), plan, options, progress));
    return session().reader(report);
  }
}
