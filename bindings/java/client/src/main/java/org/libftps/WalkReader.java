package org.libftps;

import java.io.IOException;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A walk that is under way. */
final class WalkReader implements AutoCloseable {
  private final Commands client;
  private final Session session;
  private final Object key = new Object();
  private final Predicate<FoundEntry> descends;
  private final Consumer<PathFailure> failures;
  private boolean skips;
  private boolean ended;

  WalkReader(
      Commands client,
      byte[] start,
      boolean isPattern,
      Predicate<FoundEntry> descends,
      Consumer<PathFailure> failures)
      throws IOException {
    this.client = client;
    this.session = client.session();
    this.descends = Objects.requireNonNull(descends);
    this.failures = Objects.requireNonNull(failures);
    session.open(
        key,
        number -> {
          Native.openWalk(number, client.upcalls(), start, isPattern);
          return null;
        });
  }

  /** Null at the end. */
  private FoundEntry next() throws IOException {
    while (!ended) {
      byte[] step =
          session.within(key, number -> Native.nextFound(number, client.upcalls(), skips));
      skips = false;
      if (step == null) {
        ended = true;
        close();
        return null;
      }
      Wire.Reader reader = session.reader(step);
      if (reader.flag()) {
        FoundEntry found = new FoundEntry(reader);
        skips = found.entry().isDirectory() && !descends.test(found);
        return found;
      }
      failures.accept(new PathFailure(reader));
    }
    return null;
  }

  Stream<FoundEntry> stream() {
    return Streams.of(this::next).onClose(this::close);
  }

  @Override
  public void close() {
    session.abort(key);
  }
}
