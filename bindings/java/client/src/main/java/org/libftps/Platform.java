package org.libftps;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.Locale;

/** Which native library fits: {@code linux-x86_64-gnu}. */
final class Platform {
  private Platform() {}

  static String name() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String architecture = architecture(System.getProperty("os.arch", ""));
    if (os.startsWith("linux")) {
      return "linux-" + architecture + (isMusl() ? "-musl" : "-gnu");
    }
    return os.replace(' ', '_') + "-" + architecture;
  }

  static String libraryName() {
    return System.mapLibraryName("ftps_jni");
  }

  private static String architecture(String name) {
    switch (name) {
      case "amd64":
      case "x86_64":
        return "x86_64";
      case "aarch64":
      case "arm64":
        return "aarch64";
      default:
        // Never taken for one that is known.
        return name.toLowerCase(Locale.ROOT);
    }
  }

  /** The C library that this very process uses, whatever else is installed. */
  private static boolean isMusl() {
    try {
      byte[] maps = Files.readAllBytes(Paths.get("/proc/self/maps"));
      return new String(maps, StandardCharsets.ISO_8859_1).contains("/ld-musl-");
    } catch (IOException e) {
      return false;
    }
  }
}
