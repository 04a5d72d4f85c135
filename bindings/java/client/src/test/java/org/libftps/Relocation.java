package org.libftps;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;

/**
 * What shading does: classes and resources move to another package, and with them all names of
 * classes, those in strings too.
 */
class Relocation extends Remapper {
  private static final String FROM = "org/libftps/";

  private final String to;

  Relocation(String to) {
    super(Opcodes.ASM9);
    this.to = to;
  }

  /** Copies a tree of classes and resources to a folder. */
  void copy(Path from, Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> tree = Files.walk(from)) {
      files = tree.filter(Files::isRegularFile).collect(Collectors.toList());
    }
    for (Path file : files) {
      String name = from.relativize(file).toString();
      // A module's descriptor is left out, as shading does.
      if (name.startsWith(FROM)) {
        Path target = folder.resolve(map(name));
        Files.createDirectories(target.getParent());
        byte[] content = Files.readAllBytes(file);
        Files.write(target, name.endsWith(".class") ? relocated(content) : content);
      }
    }
  }

  private byte[] relocated(byte[] content) {
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(content).accept(new ClassRemapper(writer, this), 0);
    return writer.toByteArray();
  }

  @Override
  public String map(String name) {
    return name.startsWith(FROM) ? to + name.substring(FROM.length()) : name;
  }

  @Override
  public Object mapValue(Object value) {
    String dotted = FROM.replace('/', '.');
    if (value instanceof String && ((String) value).startsWith(dotted)) {
      return to.replace('/', '.') + ((String) value).substring(dotted.length());
    }
    return super.mapValue(value);
  }
}
