package org.libftps.testing;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;

/** A SOCKS5 or HTTP proxy. Its connections end with their clients. */
public final class TestProxy implements AutoCloseable {
  /** Whom a proxy that asks lets in. */
  public static final String USER = "somebody";

  /** That user's password. */
  public static final String PASSWORD = "open-sesame";

  private static final String BASIC =
      Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));

  private final boolean isSocks;
  private final boolean asksWho;
  private final ServerSocket listener;
  private final AtomicInteger connections = new AtomicInteger();

  private TestProxy(boolean isSocks, boolean asksWho) throws IOException {
    this.isSocks = isSocks;
    this.asksWho = asksWho;
    listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    start(this::accept);
  }

  /**
   * One that asks who is there.
   *
   * @param isSocks SOCKS5, else HTTP CONNECT
   * @return the proxy, which listens
   * @throws IOException it cannot listen
   */
  public static TestProxy asking(boolean isSocks) throws IOException {
    return new TestProxy(isSocks, true);
  }

  /**
   * One that everybody may use.
   *
   * @param isSocks SOCKS5, else HTTP CONNECT
   * @return the proxy, which listens
   * @throws IOException it cannot listen
   */
  public static TestProxy open(boolean isSocks) throws IOException {
    return new TestProxy(isSocks, false);
  }

  /**
   * Where it is.
   *
   * @return its kind and address
   */
  public Proxy address() {
    return new Proxy(
        isSocks ? Proxy.Type.SOCKS : Proxy.Type.HTTP,
        new InetSocketAddress("127.0.0.1", listener.getLocalPort()));
  }

  /**
   * How many connections to servers it has made.
   *
   * @return their number
   */
  public int connections() {
    return connections.get();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listener.accept();
      start(() -> serve(client));
    }
  }

  private void serve(Socket client) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    OutputStream out = client.getOutputStream();
    try (Socket server = isSocks ? socks(in, out) : http(in, out)) {
      if (server != null) {
        connections.incrementAndGet();
        start(
            () -> {
              server.getInputStream().transferTo(out);
              client.shutdownOutput();
            });
        in.transferTo(server.getOutputStream());
      }
    } finally {
      client.close();
    }
  }

  /** Null where the client is not let in. */
  private Socket socks(DataInputStream in, OutputStream out) throws IOException {
    in.readByte();
    in.readNBytes(in.readUnsignedByte());
    out.write(new byte[] {5, (byte) (asksWho ? 2 : 0)});
    if (asksWho && !isKnown(in, out)) {
      return null;
    }
    in.readNBytes(4);
    InetAddress host = InetAddress.getByAddress(in.readNBytes(4));
    Socket server = new Socket(host, in.readUnsignedShort());
    out.write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
    return server;
  }

  private static boolean isKnown(DataInputStream in, OutputStream out) throws IOException {
    in.readByte();
    boolean known = text(in).equals(USER) & text(in).equals(PASSWORD);
    out.write(new byte[] {1, (byte) (known ? 0 : 1)});
    return known;
  }

  private Socket http(DataInputStream in, OutputStream out) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    if (asksWho && head.indexOf("Proxy-Authorization: Basic " + BASIC + "\r\n") < 0) {
      out.write("HTTP/1.1 407 Who are you?\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      return null;
    }
    String[] target = head.toString().split(" ")[1].split(":");
    Socket server = new Socket(target[0], Integer.parseInt(target[1]));
    out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return server;
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
  }

  private interface Work {
    void run() throws IOException;
  }

  /** What fails is a connection that has ended. */
  private static void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                return;
              }
            });
    thread.setDaemon(true);
    thread.start();
  }
}
