package org.libftps;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The transfers and listings of a client. {@link FtpsClient} has them as its own. */
abstract class Transfers extends Commands {
  Transfers(Session session, Upcalls upcalls) {
    super(session, upcalls);
  }

  /**
   * Opens a transfer of any verb. {@link #download(String)} and {@link #upload(String)} are
   * simpler.
   *
   * @param direction which way the payload goes
   * @param verb for instance {@code STOU}
   * @param argument null or empty for none
   * @param offset where to begin (REST, RFC 3659 section 5); 0 for the beginning
   * @return the open transfer; finish or close it
   * @throws FtpsException {@code refused} or {@code not-resumed}, among others
   * @throws IOException the thread was interrupted
   */
  public FtpsTransfer openTransfer(Direction direction, String verb, String argument, long offset)
      throws IOException {
    byte[] encoded = session().encode(argument == null ? "" : argument);
    return new FtpsTransfer(
        this, direction, verb.getBytes(StandardCharsets.UTF_8), encoded, offset);
  }

  /**
   * Receives a file (RETR).
   *
   * @param path the file
   * @return its bytes; close it
   * @throws IOException as {@link #openTransfer}
   */
  public FtpsInputStream download(String path) throws IOException {
    return download(path, 0);
  }

  /**
   * Receives a file from a byte on (REST, RETR).
   *
   * @param path the file
   * @param offset bytes that are left out
   * @return its bytes; close it
   * @throws IOException as {@link #openTransfer}
   */
  public FtpsInputStream download(String path, long offset) throws IOException {
    return new FtpsInputStream(openTransfer(Direction.DOWNLOAD, "RETR", path, offset), true);
  }

  /**
   * Sends a file (STOR), which replaces what is there.
   *
   * @param path the file
   * @return where its bytes go; the file is complete when closing it succeeds
   * @throws IOException as {@link #openTransfer}
   */
  public FtpsOutputStream upload(String path) throws IOException {
    return upload(path, 0);
  }

  /**
   * Sends the end of a file from a byte on (REST, STOR).
   *
   * @param path the file
   * @param offset bytes that stay as they are
   * @return where its bytes go; the file is complete when closing it succeeds
   * @throws IOException as {@link #openTransfer}
   */
  public FtpsOutputStream upload(String path, long offset) throws IOException {
    return new FtpsOutputStream(openTransfer(Direction.UPLOAD, "STOR", path, offset), true);
  }

  /**
   * Appends to a file (APPE).
   *
   * @param path the file
   * @return where its bytes go; the file is complete when closing it succeeds
   * @throws IOException as {@link #openTransfer}
   */
  public FtpsOutputStream append(String path) throws IOException {
    return new FtpsOutputStream(openTransfer(Direction.UPLOAD, "APPE", path, 0), true);
  }

  /**
   * The entries of a directory, by the command and in the format that {@link ListingOptions}
   * choose: by default MLSD where the server has it, else LIST.
   *
   * @param path empty for the current directory
   * @return a complete listing
   * @throws IOException as {@link #openTransfer}
   */
  public FtpsListing list(String path) throws IOException {
    List<FtpsEntry> entries = new ArrayList<>();
    List<String> unparsed = new ArrayList<>();
    try (ListingReader reader =
        new ListingReader(this, session().encode(path), false, unparsed::add)) {
      for (FtpsEntry entry = reader.next(); entry != null; entry = reader.next()) {
        entries.add(entry);
      }
    }
    return new FtpsListing(entries, unparsed);
  }

  /**
   * What {@link #list} returns, as it arrives: memory does not grow with the directory. Whether the
   * listing was complete is known at its end; closing the stream before that aborts the transfer.
   * Failures come as {@link UncheckedIOException}.
   *
   * @param path empty for the current directory
   * @param unparsed gets lines that were not understood
   * @return a sequential stream; close it
   * @throws IOException as {@link #openTransfer}
   */
  public Stream<FtpsEntry> stream(String path, Consumer<String> unparsed) throws IOException {
    return new ListingReader(this, session().encode(path), false, unparsed).stream();
  }

  /**
   * The names in a directory (NLST).
   *
   * @param path empty for the current directory
   * @return in the server's order
   * @throws IOException as {@link #openTransfer}
   */
  public List<String> names(String path) throws IOException {
    List<String> names = new ArrayList<>();
    try (ListingReader reader = new ListingReader(this, session().encode(path), true, names::add)) {
      for (FtpsEntry entry = reader.next(); entry != null; entry = reader.next()) {
        names.add(entry.name());
      }
    }
    return names;
  }
}
