package org.libftps;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Has classes and resources as a loader for jars inside a jar has them: there is no file, and the
 * URLs have a protocol of their own.
 */
final class NestedJarLoader extends ClassLoader {
  private final Map<String, byte[]> entries = new HashMap<>();

  NestedJarLoader(Path classes) throws IOException {
    super(Programs.platformLoader());
    List<Path> files;
    try (Stream<Path> tree = Files.walk(classes)) {
      files = tree.filter(Files::isRegularFile).collect(Collectors.toList());
    }
    for (Path file : files) {
      entries.put(classes.relativize(file).toString(), Files.readAllBytes(file));
    }
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] code = entries.get(name.replace('.', '/') + ".class");
    if (code == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, code, 0, code.length);
  }

  @Override
  protected URL findResource(String name) {
    byte[] content = entries.get(name);
    try {
      return content == null ? null : new URL(null, "nested:" + name, new Handler(content));
    } catch (MalformedURLException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static final class Handler extends URLStreamHandler {
    private final byte[] content;

    Handler(byte[] content) {
      this.content = content;
    }

    @Override
    protected URLConnection openConnection(URL url) {
      return new URLConnection(url) {
        @Override
        public void connect() {}

        @Override
        public InputStream getInputStream() {
          return new ByteArrayInputStream(content);
        }
      };
    }
  }
}
