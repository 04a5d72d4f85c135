package org.libftps.spring;

import java.io.IOException;
import java.util.Arrays;
import org.apache.commons.net.ftp.FTPFile;
import org.apache.commons.net.ftp.FTPReply;
import org.libftps.commonsnet.NativeFTPSClient;

/**
 * Finds out whether there is a file or directory of a name, by asking rather than by going there.
 */
final class Existence {
  /** What a server says of a name that it does not have. */
  private static final int NO_SUCH_FILE = FTPReply.FILE_UNAVAILABLE;

  private final NativeFTPSClient client;

  Existence(NativeFTPSClient client) {
    this.client = client;
  }

  /** Another way to find out. */
  interface Check {
    boolean exists(String path) throws IOException;
  }

  boolean of(String path, Check lastResort) throws IOException {
    if (client.hasFeature("MLST")) {
      int reply = client.mlst(path);
      if (FTPReply.isPositiveCompletion(reply) || reply == NO_SUCH_FILE) {
        return reply != NO_SUCH_FILE;
      }
      checkWasNotUnderstood(path, reply);
    }
    return isFile(path) || isListed(path, lastResort);
  }

  /** A server that says MLST in its features may want it in another way. */
  private void checkWasNotUnderstood(String path, int reply) throws IOException {
    if (reply < 500 || reply > 504) {
      throw new IOException(
          "Failed to find out whether there is "
              + path
              + ". Server replied with: "
              + client.getReplyString().trim());
    }
  }

  private boolean isFile(String path) throws IOException {
    return client.getSize(path) != null;
  }

  private boolean isListed(String path, Check lastResort) throws IOException {
    String[] names = client.listNames(path);
    if (names != null && names.length > 0) {
      return true;
    }
    String trimmed = path.replaceFirst("(?<=.)/+$", "");
    int separator = trimmed.lastIndexOf('/');
    String name = trimmed.substring(separator + 1);
    FTPFile[] siblings = client.listFiles(parent(trimmed, separator));
    boolean listed = Arrays.stream(siblings).anyMatch(file -> file.getName().equals(name));
    // Servers do not show every name, nor every directory.
    boolean mayBeHidden = name.startsWith(".") || name.isEmpty() || siblings.length == 0;
    return listed || (mayBeHidden && lastResort.exists(path));
  }

  private static String parent(String path, int separator) {
    if (separator < 0) {
      return null;
    }
    return separator == 0 ? "/" : path.substring(0, separator);
  }
}
