package org.libftps.commonsnet;

import java.io.InputStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.net.ftp.FTPSClient;

/** Commons Net's public and protected methods, and what {@code methods.txt} says of them. */
final class Methods {
  static final Map<String, String> CLASSIFIED = classified();

  private static Map<String, String> classified() {
    Map<String, String> classes = new TreeMap<>();
    try (InputStream list = Methods.class.getResourceAsStream("methods.txt")) {
      for (String line : new String(list.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
        if (!line.startsWith("#")) {
          String[] parts = line.split(" ", 2);
          classes.put(parts[1], parts[0]);
        }
      }
      return classes;
    } catch (Exception e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** Those that a subclass can see, the nearest one of each signature. */
  static Map<String, Method> all() {
    Map<String, Method> found = new TreeMap<>();
    for (Class<?> type = FTPSClient.class; type != Object.class; type = type.getSuperclass()) {
      for (Method method : type.getDeclaredMethods()) {
        int modifiers = method.getModifiers();
        boolean visible = Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
        if (visible && !Modifier.isStatic(modifiers) && !method.isSynthetic()) {
          found.putIfAbsent(signature(method), method);
        }
      }
    }
    return found;
  }

  private static String signature(Method method) {
    return method.getName()
        + Arrays.stream(method.getParameterTypes())
            .map(Class::getSimpleName)
            .collect(Collectors.joining(",", "(", ")"));
  }

  private Methods() {}

  /** Those of this version of Commons Net. */
  static TreeSet<String> classifiedAs(String kind) {
    return all().keySet().stream()
        .filter(signature -> kind.equals(CLASSIFIED.get(signature)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<Method> overrides() {
    return Stream.<Class<?>>iterate(
            NativeFTPSClient.class, type -> type != FTPSClient.class, Class::getSuperclass)
        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()));
  }

  static boolean isOverridden(String signature) {
    return overrides()
        .anyMatch(method -> !method.isSynthetic() && signature(method).equals(signature));
  }

  /** Ours, or what it inherits. */
  static Method nearest(String signature) {
    Method method =
        overrides()
            .filter(own -> !own.isSynthetic() && signature(own).equals(signature))
            .findAny()
            .orElseGet(() -> all().get(signature));
    method.setAccessible(true);
    return method;
  }
}
