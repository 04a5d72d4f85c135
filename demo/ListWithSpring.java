import java.io.FileInputStream;
import java.io.InputStream;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.apache.commons.net.ftp.FTPClient;
import org.apache.commons.net.ftp.FTPFile;
import org.libftps.spring.NativeFtpsSessionFactory;
import org.springframework.integration.file.remote.session.Session;
import org.springframework.integration.ftp.session.DefaultFtpsSessionFactory;

/** Lists a folder as a Spring Integration application does. */
public class ListWithSpring {
  /** FACTORY PORT USER CA FOLDER, and the password in FTPS_PASSWORD. */
  public static void main(String[] arguments) throws Exception {
    DefaultFtpsSessionFactory factory = new DefaultFtpsSessionFactory();
    if (arguments[0].equals("NativeFtpsSessionFactory")) {
      factory = new NativeFtpsSessionFactory(); // the one line
    }
    factory.setHost("127.0.0.1");
    factory.setPort(Integer.parseInt(arguments[1]));
    factory.setUsername(arguments[2]);
    factory.setPassword(System.getenv("FTPS_PASSWORD"));
    factory.setTrustManager(trusting(arguments[3]));
    factory.setClientMode(FTPClient.PASSIVE_LOCAL_DATA_CONNECTION_MODE);

    try (Session<FTPFile> session = factory.getSession()) {
      for (FTPFile file : session.list(arguments[4])) {
        System.out.println(file.getName());
      }
    }
  }

  private static TrustManager trusting(String pem) throws Exception {
    KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
    roots.load(null, null);
    try (InputStream file = new FileInputStream(pem)) {
      roots.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(file));
    }
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(roots);
    return trust.getTrustManagers()[0];
  }
}
