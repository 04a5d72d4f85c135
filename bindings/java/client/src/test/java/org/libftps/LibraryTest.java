package org.libftps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.libftps.testing.TestServer;

/** How the native library behaves in a JVM, and how it gets there. */
class LibraryTest {
  @TempDir Path temporary;

  @Test
  void theJvmsCheckOfNativeCallsFindsNothing() throws Exception {
    assertWorks("-Xcheck:jni");
  }

  @Test
  void nothingIsSaidOnStandardErrorAndNothingIsLeftBehind() throws Exception {
    assertWorks();
  }

  @Test
  void aLibraryOfOnesOwnIsTakenFromItsDirectory() throws Exception {
    Path directory = Files.createDirectory(temporary.resolve("own"));
    String resource = "native/" + Platform.name() + "/" + Platform.libraryName();
    try (InputStream library = FtpsClient.class.getResourceAsStream(resource)) {
      Files.copy(library, directory.resolve(Platform.libraryName()));
    }
    // The jar has none for this platform: this one it must be.
    assertWorks("-Dorg.libftps.library.path=" + directory, "-Dos.arch=unheard-of");
  }

  @Test
  void theLibraryShowsItsEntryAndNothingElse() throws Exception {
    String root = System.getProperty("libftps.root");
    String library = root + "/target/release/libftps_jni.so";
    Process nm = new ProcessBuilder("nm", "-D", "--defined-only", library).start();
    String symbols = new String(nm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(symbols.matches("[0-9a-f]+ T JNI_OnLoad\\n"), symbols);
  }

  @Test
  void eachClassLoaderHasItsOwnLibraryAndCanBeUnloaded() throws Exception {
    try (TestServer server = TestServer.strict()) {
      List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        loaders.add(new WeakReference<>(loginFromAnotherLoader(server)));
      }
      for (int i = 0; loaders.stream().anyMatch(loader -> !loader.refersTo(null)); i++) {
        assertTrue(i < 1000, "a class loader is still there");
        System.gc();
        Thread.sleep(20);
      }
      assertEquals(2, server.stop().get("logins"));
    }
  }

  private static ClassLoader loginFromAnotherLoader(TestServer server) throws Exception {
    URL classes = FtpsClient.class.getProtectionDomain().getCodeSource().getLocation();
    URLClassLoader loader =
        new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader());
    Class<?> type = loader.loadClass(FtpsClient.class.getName());
    assertNotSame(FtpsClient.class, type);
    Object builder = type.getMethod("builder", String.class).invoke(null, "127.0.0.1");
    builder.getClass().getMethod("port", int.class).invoke(builder, server.port());
    builder.getClass().getMethod("extraRootsPem", byte[].class).invoke(builder, server.ca());
    Object client = builder.getClass().getMethod("connect").invoke(builder);
    type.getMethod("login", String.class, String.class).invoke(client, "user", "password");
    type.getMethod("list", String.class).invoke(client, "");
    type.getMethod("close").invoke(client);
    loader.close();
    return loader;
  }

  @Test
  void aPlatformWithoutALibraryIsNamed() throws Exception {
    assertFailsWith(
        "There is no native library for linux-unheard-of-gnu in this jar", "-Dos.arch=unheard-of");
  }

  @Test
  void aLibraryThatIsNoneIsNamed() throws Exception {
    Path file = Files.write(temporary.resolve("library"), new byte[100]);
    assertFailsWith("cannot be loaded", "-Dorg.libftps.library.path=" + file);
  }

  @Test
  void aDirectoryThatCannotBeWrittenToIsNamed() throws Exception {
    assertFailsWith(
        "cannot be unpacked into /proc/nowhere. Set -Dorg.libftps.tmpdir",
        "-Dorg.libftps.tmpdir=/proc/nowhere");
  }

  @Test
  void deniedNativeAccessIsExplained() throws Exception {
    if (Runtime.version().feature() < 24) {
      return;
    }
    assertFailsWith("start it with --enable-native-access=ALL-UNNAMED", ChildJvm.DENIED);
  }

  private void assertWorks(String... options) throws Exception {
    Path folder = Files.createDirectory(temporary.resolve("files"));
    Path unpacked = Files.createDirectory(temporary.resolve("tmp"));
    String client = temporary.resolve("client").toString();
    try (TestServer server =
        TestServer.strict("--client-certificate", "required", "--client-out", client)) {
      Path ca = Files.write(temporary.resolve("ca.pem"), server.ca());
      ChildJvm jvm =
          ChildJvm.run(
              unpacked,
              List.of(options),
              Workload.class,
              String.valueOf(server.port()),
              ca.toString(),
              client,
              folder.toString());
      assertEquals("done\n", jvm.output);
      assertEquals(0, jvm.exitCode);
    }
    try (Stream<Path> left = Files.list(unpacked)) {
      assertEquals(List.of(), left.filter(path -> path.toString().contains("libftps")).toList());
    }
  }

  private void assertFailsWith(String message, String... options) throws Exception {
    ChildJvm jvm = ChildJvm.run(temporary, List.of(options), Connect.class);
    assertEquals(0, jvm.exitCode, jvm.output);
    assertTrue(jvm.output.contains("library: "), jvm.output);
    assertTrue(jvm.output.contains(message), jvm.output);
  }

  /** Prints why a client cannot be had, twice the same. */
  static final class Connect {
    private Connect() {}

    public static void main(String[] arguments) throws Exception {
      String first = attempt();
      if (!first.equals(attempt())) {
        throw new AssertionError("the second attempt fails for another reason");
      }
      System.out.println(first);
    }

    private static String attempt() throws Exception {
      try {
        FtpsClient.builder("localhost").connect();
        return "connected";
      } catch (FtpsException e) {
        return e.kind() + ": " + e.getMessage();
      }
    }
  }
}
