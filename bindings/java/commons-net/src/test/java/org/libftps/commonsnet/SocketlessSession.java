package org.libftps.commonsnet;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.apache.commons.net.PrintCommandListener;
import org.apache.commons.net.ProtocolCommandListener;
import org.apache.commons.net.ftp.FTPClientConfig;
import org.apache.commons.net.ftp.FTPCmd;
import org.libftps.testing.TestServer;

/**
 * Calls every method in a JVM in which no Java socket can be made. Prints how many methods it
 * called, and who tried to make one.
 */
public final class SocketlessSession {
  private SocketlessSession() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws Exception {
    SocketGuard.install();
    checkGuard();
    int called = 0;
    try (TestServer server = TestServer.strict()) {
      NativeFTPSClient client = Clients.trusting(server);
      for (String kind : new String[] {"inherited", "overridden", "refused"}) {
        for (String signature : Methods.classifiedAs(kind)) {
          if (!client.isAvailable()) {
            Clients.logIn(client, server);
          }
          call(Methods.nearest(signature), client);
          called++;
        }
      }
      Clients.logIn(client, server);
      Clients.store(client, "file", "content");
      System.out.println("content: " + Clients.retrieve(client, "file"));
      client.disconnect();
    }
    System.out.println("called: " + called);
    System.out.println("sockets: " + SocketGuard.attempts());
  }

  /** A guard that sees nothing would prove nothing. */
  private static void checkGuard() {
    expectRefusal(() -> new Socket("127.0.0.1", 1));
    expectRefusal(() -> new ServerSocket(0));
    expectRefusal(SocketChannel::open);
    expectRefusal(ServerSocketChannel::open);
    SocketGuard.attempts().clear();
  }

  private interface Opening {
    Object open() throws Exception;
  }

  private static void expectRefusal(Opening opening) {
    int before = SocketGuard.attempts().size();
    try {
      opening.open();
    } catch (Exception e) {
      if (SocketGuard.attempts().size() > before) {
        return;
      }
    }
    throw new IllegalStateException("the guard did not see a socket");
  }

  /** What it answers does not matter here. */
  private static void call(Method method, NativeFTPSClient client) throws Exception {
    Object[] values =
        Arrays.stream(method.getParameterTypes()).map(SocketlessSession::sample).toArray();
    try {
      Object result = method.invoke(client, values);
      if (result instanceof AutoCloseable) {
        ((AutoCloseable) result).close();
      }
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Error) {
        throw (Error) e.getCause();
      }
    }
  }

  /** Values that leave the client usable: a port that is milliseconds, a file that is a charset. */
  private static Object sample(Class<?> type) {
    if (type == int.class) {
      return 5000;
    } else if (type == long.class) {
      return 0L;
    } else if (type == boolean.class) {
      return false;
    } else if (type == String.class) {
      return "UTF-8";
    } else if (type == Charset.class) {
      return StandardCharsets.UTF_8;
    } else if (type == Duration.class) {
      return Duration.ofSeconds(10);
    } else if (type == InetAddress.class) {
      return InetAddress.getLoopbackAddress();
    } else if (type == FTPCmd.class) {
      return FTPCmd.NLST;
    } else if (type == FTPClientConfig.class) {
      return new FTPClientConfig();
    } else if (type == InputStream.class) {
      return new ByteArrayInputStream(new byte[10]);
    } else if (type == OutputStream.class) {
      return new ByteArrayOutputStream();
    } else if (type == ProtocolCommandListener.class) {
      return new PrintCommandListener(new PrintWriter(Writer.nullWriter()));
    }
    return null;
  }
}
