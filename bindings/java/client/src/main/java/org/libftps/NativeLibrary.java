package org.libftps;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Loads the native library, once for each class loader that has these classes.
 *
 * <p>A JVM loads a file into one class loader only, so each gets a copy of its own, in a directory
 * that nobody else can write to; it is deleted at once, for the loaded library needs it no more.
 */
final class NativeLibrary {
  static final String VERSION = "0.1.0";
  private static final String PATH_PROPERTY = property("library.path");
  private static final String FOLDER_PROPERTY = property("tmpdir");

  private NativeLibrary() {}

  /**
   * Throws with kind {@code library} when the library cannot be had, each time for the same reason.
   */
  static void require() throws FtpsException {
    if (Outcome.FAILURE != null) {
      throw new FtpsException("library", Outcome.FAILURE.getMessage(), Outcome.FAILURE.getCause());
    }
  }

  /** Of this package, whatever it is called since it was relocated. */
  private static String property(String name) {
    // Not by getPackage(), which Java 8 has only where the class loader defined the package.
    String ours = NativeLibrary.class.getName();
    return ours.substring(0, ours.lastIndexOf('.') + 1) + name;
  }

  private static final class Outcome {
    static final FtpsException FAILURE = attempt();

    private static FtpsException attempt() {
      try {
        loadCopy();
        return null;
      } catch (FtpsException e) {
        return e;
      } catch (IOException | RuntimeException | LinkageError e) {
        return failure(explain(e), e);
      }
    }
  }

  private static void loadCopy() throws IOException {
    Path directory = createDirectory();
    Path copy = directory.resolve(Platform.libraryName());
    try {
      try (InputStream library = open()) {
        Files.copy(library, copy);
      }
      loadAndRegister(copy);
    } finally {
      Files.deleteIfExists(copy);
      Files.deleteIfExists(directory);
    }
  }

  private static Path createDirectory() throws IOException {
    Path folder =
        Paths.get(System.getProperty(FOLDER_PROPERTY, System.getProperty("java.io.tmpdir")));
    Set<PosixFilePermission> ownerOnly = PosixFilePermissions.fromString("rwx------");
    FileAttribute<?> attribute = PosixFilePermissions.asFileAttribute(ownerOnly);
    try {
      return Files.createTempDirectory(folder, "libftps-", attribute);
    } catch (IOException e) {
      String advice = " Set -D" + FOLDER_PROPERTY + " to a directory that can be written to.";
      throw failure("The native library cannot be unpacked into " + folder + "." + advice, e);
    }
  }

  private static InputStream open() throws IOException {
    String chosen = System.getProperty(PATH_PROPERTY);
    if (chosen != null) {
      File file = new File(chosen);
      return Files.newInputStream(
          file.isDirectory() ? file.toPath().resolve(Platform.libraryName()) : file.toPath());
    }
    String name = "native/" + Platform.name() + "/" + Platform.libraryName();
    InputStream library = NativeLibrary.class.getResourceAsStream(name);
    if (library == null) {
      throw failure(
          "There is no native library for "
              + Platform.name()
              + " in this jar. Build "
              + Platform.libraryName()
              + " for it (bindings/java/native) and set -D"
              + PATH_PROPERTY
              + " to its directory.",
          null);
    }
    return library;
  }

  /**
   * {@code registration.rs} asks this thread's context class loader for the class to register with.
   */
  @SuppressWarnings("restricted")
  private static void loadAndRegister(Path library) {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(new Handover());
    try {
      System.load(library.toString());
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static final class Handover extends ClassLoader {
    @Override
    public Class<?> loadClass(String name) throws ClassNotFoundException {
      if (name.equals("libftps " + VERSION)) {
        return Native.class;
      }
      if (name.startsWith("libftps ")) {
        throw new UnsatisfiedLinkError(
            "The native library is " + name + ", but this jar needs libftps " + VERSION + ".");
      }
      return super.loadClass(name);
    }
  }

  private static String explain(Throwable e) {
    String message = String.valueOf(e.getMessage());
    if (e.getClass().getName().equals("java.lang.IllegalCallerException")) {
      return "This JVM denies native access: start it with --enable-native-access=ALL-UNNAMED, or"
          + " =org.libftps where libftps is on the module path, or give the manifest of the jar that is"
          + " started with -jar the line Enable-Native-Access: ALL-UNNAMED.";
    }
    if (message.contains("failed to map segment") || message.contains("Operation not permitted")) {
      return "The directory for temporary files is mounted noexec, so the native library cannot be"
          + " loaded from it: set -D"
          + FOLDER_PROPERTY
          + " to another directory. ("
          + message
          + ")";
    }
    return "The native library for " + Platform.name() + " cannot be loaded: " + message;
  }

  private static FtpsException failure(String message, Throwable cause) {
    return new FtpsException("library", message, cause);
  }
}
