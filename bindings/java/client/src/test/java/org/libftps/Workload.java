package org.libftps;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;

/** A program that calls every native method, failures and exceptions of callbacks included. */
final class Workload {
  private Workload() {}

  /** Port, CA file, and a folder for local files. Prints "done" at the end. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Paths.get(arguments[2]);
    boolean[] armed = {false};
    DialogueListener listener =
        new DialogueListener() {
          @Override
          public void received(FtpsReply reply) {
            if (armed[0]) {
              throw new IllegalStateException("from the listener");
            }
          }
        };
    FtpsClient.Builder builder =
        FtpsClient.builder("127.0.0.1")
            .port(Integer.parseInt(arguments[0]))
            .extraRootsPem(Files.readAllBytes(Paths.get(arguments[1])))
            .dialogueListener(listener);
    try (FtpsClient client = builder.connect()) {
      expect(() -> client.login("user", "wrong"));
      client.login("user", "password");
      expect(() -> client.size("missing"));
      for (int i = 0; i < 20; i++) {
        transfers(client, folder);
      }
      armed[0] = true;
      expect(client::noop);
      expect(() -> client.list(""));
      armed[0] = false;
      client.quit();
      expect(client::noop);
    }
    System.out.println("done");
  }

  private static void transfers(FtpsClient client, Path folder) throws Exception {
    byte[] content = new byte[300_000];
    Arrays.fill(content, (byte) 1);
    try (FtpsOutputStream out = client.upload("file")) {
      out.write(content);
    }
    try (FtpsInputStream in = client.download("file")) {
      if (in.readNBytes(content.length + 1).length != content.length) {
        throw new IllegalStateException("the download is not what was uploaded");
      }
    }
    client.download("file", folder.resolve("local"), moved -> {});
    client.upload(folder.resolve("local"), "copy", moved -> {});
    expect(
        () ->
            client.upload(
                folder.resolve("local"),
                "half",
                moved -> {
                  throw new IllegalStateException("from the progress listener");
                }));
    client.list("");
    client.names("");
    client.statistics();
    try (FtpsTransfer transfer = client.openTransfer(Direction.DOWNLOAD, "RETR", "file", 0)) {
      transfer.bytesMoved();
    }
    client.abort();
    client.delete("copy");
  }

  private static void expect(Call call) throws Exception {
    try {
      call.run();
    } catch (IOException | IllegalStateException expected) {
      return;
    }
    throw new AssertionError("no exception");
  }

  private interface Call {
    void run() throws Exception;
  }
}
