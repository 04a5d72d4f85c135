package org.libftps.commonsnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
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
  @Test
  void everyMethodOfThisVersionIsClassified() {
    TreeSet<String> unknown = new TreeSet<>(Methods.all().keySet());
    unknown.removeAll(Methods.CLASSIFIED.keySet());
    assertEquals(
        new TreeSet<>(), unknown, "decide what becomes of them, and write it into methods.txt");
  }

  @Test
  void whatIsCalledOverriddenIs() {
    assertEquals(Methods.classifiedAs("overridden"), matching("overridden", Methods::isOverridden));
  }

  @Test
  void whatIsCalledInheritedIs() {
    assertEquals(
        Methods.classifiedAs("inherited"),
        matching("inherited", signature -> !Methods.isOverridden(signature)));
  }

  @Test
  void whatIsCalledRefusedThrowsAndNamesItself() throws Exception {
    for (String signature : Methods.classifiedAs("refused")) {
      Method method = Methods.nearest(signature);
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
    return Methods.classifiedAs(kind).stream()
        .filter(predicate)
        .collect(Collectors.toCollection(TreeSet::new));
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
    } else if (type == java.time.Duration.class) {
      return java.time.Duration.ofMinutes(5);
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
