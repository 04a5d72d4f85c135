package com.example.payments.ftps;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.net.ftp.FTPFile;
import org.springframework.integration.file.remote.RemoteFileTemplate;
import org.springframework.stereotype.Component;

/** What the application does with files on the server. Each call throws MessagingException. */
@Component
public class RemoteFiles {
  private final RemoteFileTemplate<FTPFile> template;

  public RemoteFiles(RemoteFileTemplate<FTPFile> template) {
    this.template = template;
  }

  /** The names of the files in a folder, sorted. */
  public List<String> list(String folder) {
    return Arrays.stream(template.list(folder))
        .filter(FTPFile::isFile)
        .map(FTPFile::getName)
        .sorted()
        .toList();
  }

  /**
   * Reads a whole file into memory. Not by a streaming adapter: closing a cached session ignores
   * how the transfer ended, and half a file would pass for a whole one.
   */
  public byte[] read(String path) {
    return template.execute(
        session -> {
          ByteArrayOutputStream content = new ByteArrayOutputStream();
          session.read(path, content);
          return content.toByteArray();
        });
  }

  public void write(String path, byte[] content) {
    template.execute(
        session -> {
          session.write(new ByteArrayInputStream(content), path);
          return null;
        });
  }

  public boolean exists(String path) {
    return template.execute(session -> session.exists(path));
  }

  /** Renames a file, which is one step on the server: it is under either name, and whole. */
  public void move(String from, String to) {
    template.execute(
        session -> {
          session.rename(from, to);
          return null;
        });
  }

  /** Removes a file that somebody else may have removed already. */
  public void removeIfThere(String path) {
    template.execute(
        session -> {
          try {
            session.remove(path);
          } catch (IOException e) {
            if (session.exists(path)) {
              throw e;
            }
          }
          return null;
        });
  }

  public void makeFolderUnlessThere(String path) {
    template.execute(
        session -> {
          if (!session.exists(path) && !session.mkdir(path) && !session.exists(path)) {
            throw new IOException("The server makes no folder " + path);
          }
          return null;
        });
  }
}
