package org.libftps;

import java.nio.file.FileSystems;
import java.nio.file.Path;

/** Names of local files in the operating system's bytes. */
final class LocalFiles {
  private LocalFiles() {}

  /** Through its URI, which has the bytes as they are, also those that no Java string can hold. */
  static byte[] bytes(Path path) throws FtpsException {
    if (path.getFileSystem() != FileSystems.getDefault()) {
      throw FtpsException.invalidArgument(
          path + " is not in the default file system: use a stream instead");
    }
    String uri = path.toUri().getRawPath();
    byte[] bytes = new byte[uri.length()];
    int length = 0;
    for (int i = 0; i < uri.length(); i++) {
      if (uri.charAt(i) == '%') {
        bytes[length++] = (byte) Integer.parseInt(uri.substring(i + 1, i + 3), 16);
        i += 2;
      } else {
        bytes[length++] = (byte) uri.charAt(i);
      }
    }
    return java.util.Arrays.copyOf(bytes, length);
  }
}
