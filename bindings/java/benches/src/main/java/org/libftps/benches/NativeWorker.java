package org.libftps.benches;

import java.io.IOException;
import java.nio.file.Path;
import org.libftps.FtpsClient;

/** The client of this project. */
final class NativeWorker {
  private static final Path NOWHERE = Path.of("/dev/null");

  private NativeWorker() {}

  public static void main(String[] words) throws IOException {
    Job job = Job.of(words);
    FtpsClient.Builder builder =
        FtpsClient.builder(job.host())
            .port(job.port())
            .platformRoots(false)
            .extraRootsPem(job.caPem());
    try (FtpsClient client = builder.connect()) {
      client.login(job.user(), job.password());
      job.run(
          name -> {
            if (job.isUpload()) {
              client.upload(job.source(), name);
            } else {
              client.download(name, NOWHERE);
            }
          });
      client.quit();
    }
  }
}
