package org.libftps.commonsnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPCmd;
import org.apache.commons.net.ftp.FTPSClient;
import org.junit.jupiter.api.Test;

/**
 * What becomes of every public and protected method of Commons Net is written down in {@code
 * methods.txt}. A method that a new version brings is found here before it reaches for a socket
 * that is not there.
 */
class MethodClassificationTest {
  private static final Map<String, String> CLASSIFIED = classified();

  private static Map<String, String> classified() {
    Map<String, String> classes = new TreeMap<>();
    try (InputStream list = MethodClassificationTest.class.getResourceAsStream("methods.txt")) {
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
  private static Map<String, Method> methods() {
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

  private static TreeSet<String> classifiedAs(String kind) {
    return methods().keySet().stream()
        .filter(signature -> kind.equals(CLASSIFIED.get(signature)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<Method> overrides() {
    return Stream.<Class<?>>iterate(
            NativeFTPSClient.class, type -> type != FTPSClient.class, Class::getSuperclass)
        .flatMap(type -> Arrays.stream(type.getDeclaredMethods()));
  }

  private static boolean isOverridden(String signature) {
    return overrides()
        .anyMatch(method -> !method.isSynthetic() && signature(method).equals(signature));
  }

  @Test
  void everyMethodOfThisVersionIsClassified() {
    TreeSet<String> unknown = new TreeSet<>(methods().keySet());
    unknown.removeAll(CLASSIFIED.keySet());
    assertEquals(
        new TreeSet<>(), unknown, "decide what becomes of them, and write it into methods.txt");
  }

  @Test
  void whatIsCalledOverriddenIs() {
    assertEquals(
        classifiedAs("overridden"), matching("overridden", MethodClassificationTest::isOverridden));
  }

  @Test
  void whatIsCalledInheritedIs() {
    assertEquals(
        classifiedAs("inherited"), matching("inherited", signature -> !isOverridden(signature)));
  }

  @Test
  void whatIsCalledRefusedThrowsAndNamesItself() throws Exception {
    for (String signature : classifiedAs("refused")) {
      Method method = nearest(signature);
      Object[] arguments =
          Arrays.stream(method.getParameterTypes()).map(MethodClassificationTest::sample).toArray();
      NativeFTPSClient client = new NativeFTPSClient();
      InvocationTargetException thrown =
          assertThrows(
              InvocationTargetException.class, () -> method.invoke(client, arguments), signature);
      assertEquals(UnsupportedOperationException.class, thrown.getCause().getClass(), signature);
      assertTrue(thrown.getCause().getMessage().contains("not supported"), signature);
    }
  }

  @Test
  void theVersionIsTheOneThatTheBuildNames() {
    String jar = FTPSClient.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    String version = System.getProperty("commons-net.version");
    assertTrue(jar.endsWith("commons-net-" + version + ".jar"), jar + " is not " + version);
  }

  private static TreeSet<String> matching(String kind, Predicate<String> predicate) {
    return classifiedAs(kind).stream()
        .filter(predicate)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Method nearest(String signature) {
    Method method =
        overrides()
            .filter(own -> !own.isSynthetic() && signature(own).equals(signature))
            .findAny()
            .orElseGet(() -> methods().get(signature));
    method.setAccessible(true);
    return method;
  }

  private static Object sample(Class<?> type) {
    if (type == int.class) {
      return 1;
    } else if (type == long.class) {
      return 1L;
    } else if (type == boolean.class) {
      return false;
    } else if (type == String.class) {
      return "AUTH";
    } else if (type == InetAddress.class) {
      return InetAddress.getLoopbackAddress();
    } else if (type == FTPCmd.class) {
      return FTPCmd.PASV;
    } else if (type == FTPClient.HostnameResolver.class) {
      return (FTPClient.HostnameResolver) name -> name;
    } else if (type == javax.net.SocketFactory.class) {
      return javax.net.SocketFactory.getDefault();
    } else if (type == javax.net.ServerSocketFactory.class) {
      return javax.net.ServerSocketFactory.getDefault();
    } else if (type == javax.net.ssl.KeyManager.class) {
      return new javax.net.ssl.KeyManager() {};
    } else if (type == javax.net.ssl.HostnameVerifier.class) {
      return (javax.net.ssl.HostnameVerifier) (name, session) -> true;
    } else if (type == java.net.Proxy.class) {
      return new java.net.Proxy(
          java.net.Proxy.Type.SOCKS, java.net.InetSocketAddress.createUnresolved("proxy", 1080));
    }
    return null;
  }
}
