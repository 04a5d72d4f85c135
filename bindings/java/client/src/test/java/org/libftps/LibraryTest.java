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

/** How the native library behaves in a JVM. */
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
    // The jar has none for this platform: this one it must be.
    assertWorks("-Dorg.libftps.library.path=" + ownLibrary(), "-Dos.arch=unheard-of");
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
    unloadTwoThatWorked();
  }

  @Test
  void soDoesEachClassLoaderWithALibraryOfOnesOwn() throws Exception {
    System.setProperty("org.libftps.library.path", ownLibrary().toString());
    try {
      unloadTwoThatWorked();
    } finally {
      System.clearProperty("org.libftps.library.path");
    }
  }

  private void unloadTwoThatWorked() throws Exception {
    try (TestServer server = TestServer.strict()) {
      List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        loaders.add(new WeakReference<>(listFromAnotherLoader(server)));
      }
      for (int i = 0; loaders.stream().anyMatch(loader -> !loader.refersTo(null)); i++) {
        assertTrue(i < 1000, "a class loader is still there");
        System.gc();
        Thread.sleep(20);
      }
      assertEquals(2, server.stop().get("logins"));
    }
  }

  private static ClassLoader listFromAnotherLoader(TestServer server) throws Exception {
    URL[] classes = {Programs.classes().toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(classes, Programs.platformLoader())) {
      Class<?> client = loader.loadClass(FtpsClient.class.getName());
      assertNotSame(FtpsClient.class, client);
      Programs.list(client, server);
      return loader;
    }
  }

  private Path ownLibrary() throws Exception {
    Path directory = Files.createDirectory(temporary.resolve("own"));
    try (InputStream library = Programs.library()) {
      Files.copy(library, directory.resolve(Platform.libraryName()));
    }
    return directory;
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
}
