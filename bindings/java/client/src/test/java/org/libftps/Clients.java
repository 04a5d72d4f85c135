package org.libftps;

import java.io.IOException;
import org.libftps.testing.TestServer;

/** Clients as applications set them up. */
final class Clients {
  private Clients() {}

  /** Options with the server's address and certificate. */
  static FtpsClient.Builder builder(TestServer server) throws IOException {
    return FtpsClient.builder(server.host())
        .port(server.port())
        .platformRoots(false)
        .extraRootsPem(server.ca());
  }

  static FtpsClient login(TestServer server) throws IOException {
    return login(server, builder(server));
  }

  static FtpsClient login(TestServer server, FtpsClient.Builder builder) throws IOException {
    FtpsClient client = builder.connect();
    client.login(server.user(), server.password());
    return client;
  }
}
