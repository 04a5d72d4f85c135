package org.libftps;

import java.io.InputStream;
import java.nio.file.Path;
import javax.net.ssl.X509TrustManager;
import org.libftps.testing.TestServer;

/** The classes and the library under test, for other class loaders. */
final class Programs {
  private Programs() {}

  static Path classes() throws Exception {
    return location(FtpsClient.class);
  }

  static Path testClasses() throws Exception {
    return location(Programs.class);
  }

  private static Path location(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  static InputStream library() {
    String resource = "native/" + Platform.name() + "/" + Platform.libraryName();
    return FtpsClient.class.getResourceAsStream(resource);
  }

  /** A parent for class loaders that must not find the classes of the tests. */
  static ClassLoader platformLoader() {
    return ClassLoader.getPlatformClassLoader();
  }

  /** Logs in and lists the directory with an {@code FtpsClient} that some loader has. */
  static void list(Class<?> type, TestServer server) throws Exception {
    Object builder = type.getMethod("builder", String.class).invoke(null, server.host());
    builder.getClass().getMethod("port", int.class).invoke(builder, server.port());
    // So that native code calls back into the loader's classes.
    builder
        .getClass()
        .getMethod("trustManager", X509TrustManager.class)
        .invoke(builder, Stores.trustManager(Stores.trusting(server)));
    Object client = builder.getClass().getMethod("connect").invoke(builder);
    type.getMethod("login", String.class, String.class)
        .invoke(client, server.user(), server.password());
    type.getMethod("list", String.class).invoke(client, "");
    type.getMethod("close").invoke(client);
  }
}
