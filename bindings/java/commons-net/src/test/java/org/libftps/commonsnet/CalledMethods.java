package org.libftps.commonsnet;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * The methods of Commons Net's clients that compiled classes call, read from their constant pools
 * (JVMS section 4.4): name and descriptor.
 */
final class CalledMethods {
  private static final String NET = "org/apache/commons/net/";
  private static final Set<String> CLIENTS =
      Set.of(NET + "ftp/FTPSClient", NET + "ftp/FTPClient", NET + "ftp/FTP", NET + "SocketClient");

  private CalledMethods() {}

  /** By any class of the jar that has this resource. */
  static Set<String> byJarOf(String resource) throws IOException {
    URL url = CalledMethods.class.getClassLoader().getResource(resource);
    Set<String> called = new TreeSet<>();
    try (JarFile jar = ((JarURLConnection) url.openConnection()).getJarFile()) {
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        if (entry.getName().endsWith(".class")) {
          called.addAll(by(jar.getInputStream(entry)));
        }
      }
    }
    return called;
  }

  static Set<String> by(Class<?> type) throws IOException {
    return by(type.getResourceAsStream(type.getSimpleName() + ".class"));
  }

  private static Set<String> by(InputStream classFile) throws IOException {
    ConstantPool pool = new ConstantPool(classFile.readAllBytes());
    Set<String> called = new TreeSet<>();
    for (int index = 1; index < pool.size(); index++) {
      if (pool.isMethod(index) && CLIENTS.contains(pool.owner(index))) {
        called.add(pool.nameAndDescriptor(index));
      }
    }
    return called;
  }

  /** Two numbers an entry at most: indices of others, or a tag's own. */
  private static final class ConstantPool {
    private static final int UTF8 = 1;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int METHOD = 10;

    private final int[] tags;
    private final int[][] indices;
    private final String[] texts;

    ConstantPool(byte[] classFile) throws IOException {
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
      in.skipBytes(8);
      int size = in.readUnsignedShort();
      tags = new int[size];
      indices = new int[size][];
      texts = new String[size];
      for (int index = 1; index < size; index++) {
        tags[index] = in.readUnsignedByte();
        if (tags[index] == UTF8) {
          texts[index] = in.readUTF();
        } else {
          indices[index] = readIndices(tags[index], in);
        }
        if (tags[index] == LONG || tags[index] == DOUBLE) {
          index++;
        }
      }
    }

    private static int[] readIndices(int tag, DataInputStream in) throws IOException {
      switch (tag) {
        case 3, 4: // Integer, Float
          in.readInt();
          return new int[0];
        case LONG, DOUBLE:
          in.readLong();
          return new int[0];
        case 7, 8, 16, 19, 20: // Class, String, MethodType, Module, Package
          return new int[] {in.readUnsignedShort()};
        case 15: // MethodHandle
          return new int[] {in.readUnsignedByte(), in.readUnsignedShort()};
        case 9, METHOD, 11, 12, 17, 18: // references, NameAndType, Dynamic, InvokeDynamic
          return new int[] {in.readUnsignedShort(), in.readUnsignedShort()};
        default:
          throw new IOException("unknown constant " + tag);
      }
    }

    int size() {
      return tags.length;
    }

    boolean isMethod(int index) {
      return tags[index] == METHOD;
    }

    String owner(int method) {
      return texts[indices[indices[method][0]][0]];
    }

    String nameAndDescriptor(int method) {
      int[] nameAndType = indices[indices[method][1]];
      return texts[nameAndType[0]] + texts[nameAndType[1]];
    }
  }
}
