package org.libftps;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;

/** A SOCKS5 or HTTP proxy that asks who is there. Its connections end with their clients. */
final class TestProxy implements AutoCloseable {
  static final String USER = "somebody";
  static final String PASSWORD = "open-sesame";

  private static final String BASIC =
      Base64.getEncoder().encodeToString((USER + ":" + PASSWORD).getBytes(StandardCharsets.UTF_8));

  private final boolean isSocks;
  private final ServerSocket listener;
  private final AtomicInteger connections = new AtomicInteger();

  TestProxy(boolean isSocks) throws IOException {
    this.isSocks = isSocks;
    listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    start(this::accept);
  }

  FtpsProxy address() {
    int port = listener.getLocalPort();
    return isSocks ? FtpsProxy.socks5("127.0.0.1", port) : FtpsProxy.httpConnect("127.0.0.1", port);
  }

  /** How many it has made. */
  int connections() {
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
    try (client;
        Socket server = isSocks ? socks(in, out) : http(in, out)) {
      if (server == null) {
        return;
      }
      connections.incrementAndGet();
      start(
          () -> {
            server.getInputStream().transferTo(out);
            client.shutdownOutput();
          });
      in.transferTo(server.getOutputStream());
    }
  }

  /** Null where the client is not let in. */
  private static Socket socks(DataInputStream in, OutputStream out) throws IOException {
    in.readByte();
    in.readNBytes(in.readUnsignedByte());
    out.write(new byte[] {5, 2});
    in.readByte();
    boolean known = text(in).equals(USER) & text(in).equals(PASSWORD);
    out.write(new byte[] {1, (byte) (known ? 0 : 1)});
    if (!known) {
      return null;
    }
    in.readNBytes(4);
    InetAddress host = InetAddress.getByAddress(in.readNBytes(4));
    Socket server = new Socket(host, in.readUnsignedShort());
    out.write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
    return server;
  }

  private static Socket http(DataInputStream in, OutputStream out) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    if (head.indexOf("Proxy-Authorization: Basic " + BASIC + "\r\n") < 0) {
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
