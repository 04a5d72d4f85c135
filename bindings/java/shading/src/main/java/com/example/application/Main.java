package com.example.application;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.libftps.FtpsClient;
import org.libftps.FtpsException;

/** An application that has libftps inside its own jar. */
final class Main {
  private Main() {}

  /** HOST PORT USER PASSWORD CA */
  public static void main(String[] arguments) throws IOException {
    FtpsClient.Builder builder =
        FtpsClient.builder(arguments[0])
            .port(Integer.parseInt(arguments[1]))
            .extraRootsPem(Files.readAllBytes(Path.of(arguments[4])));
    try (FtpsClient client = builder.connect()) {
      client.login(arguments[2], arguments[3]);
      client.list("").forEach(entry -> System.out.println(entry.name()));
      client.download("none").close();
    } catch (FtpsException e) {
      System.out.println(e.getClass().getName() + ": " + e.kind());
    }
  }
}
