package org.libftps;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.security.KeyStore;
import java.security.Security;
import java.security.SignatureException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;
import org.libftps.testing.TokenProvider;

/** A program that calls every native method, failures and exceptions of callbacks included. */
final class Workload {
  private Workload() {}

  /** Throws the exception that every callback throws from now on. */
  private static final class Fuse {
    private volatile boolean armed;

    void burn(String place) {
      if (armed) {
        throw new IllegalStateException("from the " + place);
      }
    }
  }

  /**
   * Port, CA file, prefix of the client's certificate and key, and a folder for local files. Prints
   * "done" at the end.
   */
  public static void main(String[] arguments) throws Exception {
    Path prefix = Paths.get(arguments[2]);
    Path folder = Paths.get(arguments[3]);
    TokenProvider token = new TokenProvider();
    Security.addProvider(token);
    Fuse listening = new Fuse();
    Fuse trusting = new Fuse();
    Fuse choosing = new Fuse();
    DialogueListener listener =
        new DialogueListener() {
          @Override
          public void received(FtpsReply reply) {
            listening.burn("listener");
          }
        };
    X509Certificate[] chain = {Stores.clientCertificate(prefix)};
    FtpsClient.Builder builder =
        FtpsClient.builder("127.0.0.1")
            .port(Integer.parseInt(arguments[0]))
            .extraRootsPem(Files.readAllBytes(Paths.get(arguments[1])))
            .dialogueListener(listener);
    KeyStore inToken = TokenProvider.store("client", token.hold(Stores.clientKey(prefix)), chain);
    try (FtpsClient client = builder.clientIdentity(inToken, "client", null).connect()) {
      client.login("user", "password");
    }
    token.fail(new SignatureException("from the token"));
    expect(builder::connect);
    token.fail(null);
    KeyStore exported = TokenProvider.store("client", Stores.clientKey(prefix), chain);
    X509KeyManager keys = new SingleKeyManager(exported, "client", null);
    builder.keyManager(fused(X509KeyManager.class, keys, choosing));
    X509TrustManager trust = trusting(Paths.get(arguments[1]));
    builder.trustManager(fused(X509TrustManager.class, trust, trusting));
    for (Fuse fuse : List.of(trusting, choosing)) {
      fuse.armed = true;
      expect(builder::connect);
      fuse.armed = false;
    }
    try (FtpsClient client = builder.connect()) {
      expect(() -> client.login("user", "wrong"));
      client.login("user", "password");
      expect(() -> client.size("missing"));
      for (int i = 0; i < 20; i++) {
        transfers(client, folder);
      }
      listening.armed = true;
      expect(client::noop);
      expect(() -> client.list(""));
      listening.armed = false;
      client.quit();
      expect(client::noop);
    }
    trees(builder, folder);
    managersOfWorkers(builder, folder, List.of(trusting, choosing, listening));
    System.out.println("done");
  }

  /** A manager that throws while {@code fuse} is armed. */
  private static <T> T fused(Class<T> type, T manager, Fuse fuse) {
    InvocationHandler handler =
        (proxy, method, arguments) -> {
          fuse.burn(type.getName());
          return method.invoke(manager, arguments);
        };
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static X509TrustManager trusting(Path ca) throws Exception {
    KeyStore store = Stores.empty();
    store.setCertificateEntry("ca", Stores.certificate(Files.readAllBytes(ca)));
    return Stores.trustManager(store);
  }

  private static void transfers(FtpsClient client, Path folder) throws Exception {
    byte[] content = new byte[300_000];
    Arrays.fill(content, (byte) 1);
    try (FtpsOutputStream out = client.upload("file")) {
      out.write(content);
    }
    try (FtpsInputStream in = client.download("file")) {
      if (in.readNBytes(content.length + 1).length != content.length) {
        throw new IllegalStateException("the download is not what was uploaded");
      }
    }
    client.download("file", folder.resolve("local"), moved -> {});
    client.upload(folder.resolve("local"), "copy", moved -> {});
    expect(
        () ->
            client.upload(
                folder.resolve("local"),
                "half",
                moved -> {
                  throw new IllegalStateException("from the progress listener");
                }));
    client.list("");
    client.names("");
    client.statistics();
    try (FtpsTransfer transfer = client.openTransfer(Direction.DOWNLOAD, "RETR", "file", 0)) {
      transfer.bytesMoved();
    }
    client.abort();
    client.delete("copy");
  }

  private static void trees(FtpsClient.Builder builder, Path folder) throws Exception {
    try (FtpsPool pool = builder.pool("user", "password").build();
        FtpsClient client = pool.lease()) {
      client.makeDirectory("tree");
      client.upload("tree/file").close();
      try (Stream<FoundEntry> walk = client.walk("tree", failure -> {})) {
        walk.forEach(found -> {});
      }
      Mirror mirror = Mirror.download("tree", folder.resolve("tree"));
      mirror = mirror.compare(Mirror.Compare.NOTHING);
      mirror.plan(client).execute(pool, progress -> {});
      MirrorPlan failing = mirror.plan(client);
      try (FtpsClient other = pool.lease()) {
        expect(
            () ->
                failing.execute(
                    other,
                    progress -> {
                      throw new IllegalStateException("from the mirror's listener");
                    }));
      }
      MirrorPlan stopped = mirror.plan(client);
      stopped.execute(pool, progress -> stopped.abort());
      client.deleteTree("tree");
      pool.closeExpired();
      pool.statistics();
    }
  }

  /** What is thrown on the threads of a plan, where each connection is opened. */
  private static void managersOfWorkers(FtpsClient.Builder builder, Path folder, List<Fuse> fuses)
      throws Exception {
    try (FtpsClient client = builder.connect()) {
      client.login("user", "password");
      Mirror mirror = Mirror.download("", folder.resolve("all")).compare(Mirror.Compare.NOTHING);
      for (Fuse fuse : fuses) {
        MirrorPlan plan = mirror.plan(client);
        try (FtpsPool pool = builder.pool("user", "password").build()) {
          fuse.armed = true;
          expect(() -> plan.execute(pool, progress -> {}));
          fuse.armed = false;
        }
      }
      builder.pool("user", "password").build().lease().close();
      System.gc();
    }
  }

  private static void expect(Call call) throws Exception {
    try {
      call.run();
    } catch (IOException | IllegalStateException expected) {
      return;
    }
    throw new AssertionError("no exception");
  }

  private interface Call {
    void run() throws Exception;
  }
}
