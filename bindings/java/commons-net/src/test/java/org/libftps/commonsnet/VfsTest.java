package org.libftps.commonsnet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.commons.lang3.Range;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.vfs2.FileName;
import org.apache.commons.vfs2.FileObject;
import org.apache.commons.vfs2.FileSystem;
import org.apache.commons.vfs2.FileSystemException;
import org.apache.commons.vfs2.FileSystemOptions;
import org.apache.commons.vfs2.RandomAccessContent;
import org.apache.commons.vfs2.Selectors;
import org.apache.commons.vfs2.UserAuthenticationData;
import org.apache.commons.vfs2.impl.DefaultFileSystemManager;
import org.apache.commons.vfs2.provider.GenericFileName;
import org.apache.commons.vfs2.provider.ftp.FTPClientWrapper;
import org.apache.commons.vfs2.provider.ftp.FtpClientFactory;
import org.apache.commons.vfs2.provider.ftp.FtpFileSystem;
import org.apache.commons.vfs2.provider.ftps.FtpsDataChannelProtectionLevel;
import org.apache.commons.vfs2.provider.ftps.FtpsFileProvider;
import org.apache.commons.vfs2.provider.ftps.FtpsFileSystemConfigBuilder;
import org.apache.commons.vfs2.util.RandomAccessMode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.libftps.testing.Account;
import org.libftps.testing.TestServer;

/**
 * Commons VFS on a server that demands resumption. VFS has no option for a client of one's own, but
 * its classes can be extended to make one: the provider below is what an application needs.
 */
class VfsTest {
  private static final class NativeFtpsFileProvider extends FtpsFileProvider {
    @Override
    protected FileSystem doCreateFileSystem(FileName name, FileSystemOptions options)
        throws FileSystemException {
      GenericFileName root = (GenericFileName) name;
      return new NativeFtpsFileSystem(root, new NativeClientWrapper(root, options), options);
    }
  }

  private static final class NativeFtpsFileSystem extends FtpFileSystem {
    NativeFtpsFileSystem(GenericFileName root, FTPClientWrapper client, FileSystemOptions options) {
      super(root, client, options);
    }

    @Override
    protected FTPClientWrapper createWrapper() throws FileSystemException {
      return new NativeClientWrapper((GenericFileName) getRootName(), getFileSystemOptions());
    }
  }

  private static final class NativeClientWrapper extends FTPClientWrapper {
    NativeClientWrapper(GenericFileName root, FileSystemOptions options)
        throws FileSystemException {
      super(root, options);
    }

    @Override
    protected FTPClient createClient(GenericFileName root, UserAuthenticationData unused)
        throws FileSystemException {
      return new NativeConnectionFactory()
          .createConnection(
              root.getHostName(),
              root.getPort(),
              root.getUserName().toCharArray(),
              root.getPassword().toCharArray(),
              root.getPath(),
              getFileSystemOptions());
    }
  }

  private static final class NativeConnectionFactory
      extends FtpClientFactory.ConnectionFactory<NativeFTPSClient, FtpsFileSystemConfigBuilder> {
    NativeConnectionFactory() {
      super(FtpsFileSystemConfigBuilder.getInstance());
    }

    @Override
    protected NativeFTPSClient createClient(FileSystemOptions options) {
      NativeFTPSClient client = new NativeFTPSClient();
      client.setTrustManager(builder.getTrustManager(options));
      return client;
    }

    @Override
    protected void setupOpenConnection(NativeFTPSClient client, FileSystemOptions options) {
      // The login has protected the data connections.
    }
  }

  private final FtpsFileSystemConfigBuilder settings = FtpsFileSystemConfigBuilder.getInstance();
  private TestServer server;
  private FileSystemOptions options;
  private DefaultFileSystemManager manager;
  private FileObject root;

  @BeforeEach
  void open() throws Exception {
    server = TestServer.strict();
    options = new FileSystemOptions();
    settings.setTrustManager(options, Clients.trustManager(server));
    settings.setPassiveMode(options, true);
    settings.setDataChannelProtectionLevel(options, FtpsDataChannelProtectionLevel.P);
    manager = new DefaultFileSystemManager();
    manager.addProvider("ftps", new NativeFtpsFileProvider());
    manager.init();
    root = resolve(options);
  }

  private FileObject resolve(FileSystemOptions options) throws FileSystemException {
    return manager.resolveFile("ftps://user:password@127.0.0.1:" + server.port() + "/", options);
  }

  @AfterEach
  void close() throws Exception {
    manager.close();
    server.close();
  }

  private static void write(FileObject file, String content, boolean append) throws Exception {
    try (OutputStream out = file.getContent().getOutputStream(append)) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static String read(FileObject file) throws Exception {
    try (InputStream in = file.getContent().getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aTreeIsWrittenListedAndRead() throws Exception {
    FileObject folder = root.resolveFile("in/today");
    folder.createFolder();
    write(folder.resolveFile("a.csv"), "1;2", false);
    write(folder.resolveFile("a.csv"), "3;4", true);
    write(folder.resolveFile("b.csv"), "", false);

    folder.refresh();
    String[] names =
        Arrays.stream(folder.getChildren())
            .map(file -> file.getName().getBaseName())
            .toArray(String[]::new);
    assertArrayEquals(new String[] {"a.csv", "b.csv"}, names);
    assertEquals("1;23;4", read(folder.resolveFile("a.csv")));
    assertEquals(6, folder.resolveFile("a.csv").getContent().getSize());
    assertTrue(folder.resolveFile("a.csv").getContent().getLastModifiedTime() > 0);
    assertFalse(folder.resolveFile("c.csv").exists());
    assertEquals(5, root.findFiles(Selectors.SELECT_ALL).length);

    manager.close();
    assertAllResumed(server.stop());
  }

  @Test
  void filesAreCopiedMovedAndDeleted() throws Exception {
    FileObject file = root.resolveFile("a.csv");
    write(file, "0123456789", false);
    root.resolveFile("b.csv").copyFrom(file, Selectors.SELECT_SELF);
    file.moveTo(root.resolveFile("c.csv"));
    assertFalse(root.resolveFile("a.csv").exists());
    assertEquals("0123456789", read(root.resolveFile("b.csv")));
    try (RandomAccessContent content =
        root.resolveFile("c.csv").getContent().getRandomAccessContent(RandomAccessMode.READ)) {
      content.seek(7);
      assertEquals('7', content.readByte());
    }
    assertTrue(root.resolveFile("c.csv").delete());
    assertThrows(FileSystemException.class, () -> read(root.resolveFile("c.csv")));

    manager.close();
    assertAllResumed(server.stop());
  }

  /** VFS does not ask for active mode, but counts on it. */
  @Test
  void withoutPassiveModeTheServerConnects() throws Exception {
    FileSystemOptions other = (FileSystemOptions) options.clone();
    settings.setPassiveMode(other, false);
    settings.setActivePortRange(other, Range.of(10_000, 30_000));
    FileObject active = resolve(other);
    write(active.resolveFile("a.csv"), "1;2", false);
    assertEquals("1;2", read(active.resolveFile("a.csv")));

    manager.close();
    Account account = server.stop();
    assertEquals(account.resumed(), account.get("data_active"));
    assertAllResumed(account);
  }

  private static void assertAllResumed(Account account) {
    assertTrue(account.resumed() > 3, account.toString());
    assertEquals(0, account.full());
    assertEquals(0, account.refused());
  }
}
