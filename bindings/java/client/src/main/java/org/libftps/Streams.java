package org.libftps;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Streams of what a server sends. */
final class Streams {
  private Streams() {}

  /** One after the other; null at the end. */
  interface Source<T> {
    T next() throws IOException;
  }

  /** A sequential stream, whose failures are {@link UncheckedIOException}s. */
  static <T> Stream<T> of(Source<T> source) {
    int characteristics = Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE;
    Spliterator<T> items =
        new Spliterators.AbstractSpliterator<T>(Long.MAX_VALUE, characteristics) {
          @Override
          public boolean tryAdvance(Consumer<? super T> action) {
            try {
              T item = source.next();
              if (item != null) {
                action.accept(item);
              }
              return item != null;
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
    return StreamSupport.stream(items, false);
  }
}
