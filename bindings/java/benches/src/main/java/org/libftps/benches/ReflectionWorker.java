package org.libftps.benches;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.Socket;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.apache.commons.net.ftp.FTP;
import org.apache.commons.net.ftp.FTPSClient;

/**
 * Commons Net with the usual hack: the control connection's session is put, by reflection, into the
 * cache where JSSE looks for one of the data connection's address.
 *
 * <p>Wants {@code --add-opens} for two packages, TLS 1.2 and no extended master secret; on vsftpd
 * no session tickets either.
 */
final class ReflectionWorker {
  private ReflectionWorker() {}

  public static void main(String[] words) throws IOException, GeneralSecurityException {
    Job job = Job.of(words);
    FTPSClient client = new ReusingClient(context(job));
    client.connect(job.host(), job.port());
    if (!client.login(job.user(), job.password())) {
      throw new IOException(client.getReplyString());
    }
    client.execPBSZ(0);
    client.execPROT("P");
    client.enterLocalPassiveMode();
    client.setFileType(FTP.BINARY_FILE_TYPE);
    job.run(name -> transfer(job, client, name));
    client.logout();
    client.disconnect();
  }

  private static void transfer(Job job, FTPSClient client, String name) throws IOException {
    boolean done;
    if (job.isUpload()) {
      try (InputStream source = Files.newInputStream(job.source())) {
        done = client.storeFile(name, source);
      }
    } else {
      done = client.retrieveFile(name, OutputStream.nullOutputStream());
    }
    if (!done) {
      throw new IOException(client.getReplyString());
    }
  }

  private static SSLContext context(Job job) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null);
    CertificateFactory certificates = CertificateFactory.getInstance("X.509");
    store.setCertificateEntry(
        "ca", certificates.generateCertificate(new ByteArrayInputStream(job.caPem())));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLSv1.2");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static final class ReusingClient extends FTPSClient {
    ReusingClient(SSLContext context) {
      super(false, context);
    }

    @Override
    protected void _prepareDataSocket_(Socket socket) throws IOException {
      SSLSocket control = (SSLSocket) _socket_;
      SSLSessionContext sessions = control.getSession().getSessionContext();
      try {
        Field field = sessions.getClass().getDeclaredField("sessionHostPortCache");
        field.setAccessible(true);
        Object cache = field.get(sessions);
        Method put = cache.getClass().getDeclaredMethod("put", Object.class, Object.class);
        put.setAccessible(true);
        String host = socket.getInetAddress().getHostAddress();
        put.invoke(cache, host + ":" + socket.getPort(), control.getSession());
        String name = socket.getInetAddress().getHostName();
        put.invoke(cache, name + ":" + socket.getPort(), control.getSession());
      } catch (ReflectiveOperationException e) {
        throw new IOException("JSSE has changed", e);
      }
    }
  }
}
