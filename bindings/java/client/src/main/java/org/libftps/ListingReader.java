package org.libftps;

import java.io.IOException;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A listing that is being received. */
final class ListingReader implements AutoCloseable {
  private final Commands client;
  private final Session session;
  private final Object key = new Object();
  private final Consumer<String> unparsed;
  private Wire.Reader batch = new Wire.Reader(new byte[0], null);
  private boolean ended;

  ListingReader(Commands client, byte[] path, boolean namesOnly, Consumer<String> unparsed)
      throws IOException {
    this.client = client;
    this.session = client.session();
    this.unparsed = unparsed;
    session.open(
        key,
        number -> {
          Native.openListing(number, client.upcalls(), path, namesOnly);
          return null;
        });
  }

  /** Null at the end, which the server has then confirmed. */
  FtpsEntry next() throws IOException {
    while (true) {
      while (!batch.isEmpty()) {
        if (batch.flag()) {
          return new FtpsEntry(batch);
        }
        unparsed.accept(batch.text());
      }
      if (ended) {
        return null;
      }
      byte[] bytes = session.within(key, number -> Native.nextEntries(number, client.upcalls()));
      if (bytes == null) {
        ended = true;
        session.abort(key);
      } else {
        batch = session.reader(bytes);
      }
    }
  }

  Stream<FtpsEntry> stream() {
    return Streams.of(this::next).onClose(this::close);
  }

  /** Before the end this aborts the transfer. */
  @Override
  public void close() {
    session.abort(key);
  }
}
