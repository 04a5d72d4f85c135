package org.libftps.commonsnet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.commons.net.ftp.FTPSClient;
import org.libftps.testing.TestServer;

/** Runs the same calls on the stock client and on ours, each with a server of its own. */
final class Comparison {
  /** Calls to compare. */
  interface Script {
    void run(ComparedCalls calls, TestServer server) throws Exception;
  }

  /**
   * The stock client closes an upload without waiting for what still comes: whatever the server
   * then sends (tickets, close_notify) resets the connection, and the upload is lost now and then.
   * This server sends nothing there.
   */
  private static final String[] LENIENT = {
    "--resumption", "none",
    "--tickets-on-uploads", "0",
    "--fault", "STOR#*@end=no-close-notify",
    "--fault", "APPE#*@end=no-close-notify"
  };

  private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2024-02-03T04:05:06Z"));

  private final Path folder;
  private final Supplier<FTPSClient> stock;
  private final Supplier<FTPSClient> ours;

  Comparison(Path folder) {
    this(folder, FTPSClient::new, NativeFTPSClient::new);
  }

  Comparison(Path folder, Supplier<FTPSClient> stock, Supplier<FTPSClient> ours) {
    this.folder = folder;
    this.stock = stock;
    this.ours = ours;
  }

  /** With options of the strict server. */
  void run(Script script, String... options) throws Exception {
    Transcript expected = transcript(stock.get(), script, options);
    transcript(ours.get(), script, options).assertSameAs(expected);
  }

  private Transcript transcript(FTPSClient client, Script script, String... options)
      throws Exception {
    Transcript transcript = new Transcript(client);
    List<String> all = new ArrayList<>(List.of(LENIENT));
    all.addAll(List.of("--root", freshRoot().toString()));
    all.addAll(List.of(options));
    try (TestServer server = TestServer.strict(all.toArray(String[]::new))) {
      script.run(new ComparedCalls(transcript), server);
    } finally {
      client.disconnect();
    }
    return transcript;
  }

  private Path freshRoot() throws IOException {
    Path root = Files.createTempDirectory(folder, "root");
    Path listed = Files.createDirectory(root.resolve("listed"));
    Files.createDirectory(listed.resolve("folder"));
    Files.writeString(listed.resolve("a.csv"), "1;2;3");
    Files.createFile(listed.resolve("empty"));
    for (String name : List.of("folder", "a.csv", "empty")) {
      Files.setLastModifiedTime(listed.resolve(name), LONG_AGO);
    }
    return root;
  }
}
