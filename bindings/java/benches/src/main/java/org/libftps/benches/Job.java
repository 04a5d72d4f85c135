package org.libftps.benches;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process is to do: {@code benches/src/job.rs} passes it on the command line. */
record Job(
    boolean isUpload,
    String host,
    int port,
    Path ca,
    String user,
    String password,
    Path source,
    int count) {

  static Job of(String[] words) {
    return new Job(
        words[0].equals("upload"),
        words[1],
        Integer.parseInt(words[2]),
        Path.of(words[3]),
        words[4],
        words[5],
        Path.of(words[6]),
        Integer.parseInt(words[7]));
  }

  byte[] caPem() throws IOException {
    return Files.readAllBytes(ca);
  }

  /** A transfer of one file. */
  interface Transfer {
    void run(String remoteName) throws IOException;
  }

  /** Does the transfers, and prints a line for each: its seconds, and 0 or what went wrong. */
  void run(Transfer transfer) {
    for (int index = 0; index < count; index++) {
      long started = System.nanoTime();
      String outcome = "0";
      try {
        transfer.run("file-" + index);
      } catch (IOException e) {
        outcome = e.toString();
      }
      System.out.println((System.nanoTime() - started) / 1e9 + " " + outcome);
    }
  }
}
