package com.example.payments.ftps;

import java.io.IOException;
import org.apache.commons.net.ftp.FTPFile;
import org.libftps.spring.NativeFtpsSessionFactory;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.Environment;
import org.springframework.integration.file.remote.session.CachingSessionFactory;
import org.springframework.integration.ftp.session.FtpRemoteFileTemplate;

/** The way to the FTPS server. */
@Configuration
public class FtpsConfiguration {
  /** Without a profile, the account is the embedded server's. */
  @Bean
  @Profile("!default")
  FtpsAccount account(Environment environment) {
    return Binder.get(environment).bindOrCreate("payments.ftps", FtpsAccount.class);
  }

  /** The one line that differs from an application with {@code DefaultFtpsSessionFactory}. */
  @Bean
  NativeFtpsSessionFactory ftpsSessions(FtpsAccount account) throws IOException {
    NativeFtpsSessionFactory factory = new NativeFtpsSessionFactory();
    factory.setHost(account.host());
    factory.setPort(account.port());
    factory.setUsername(account.username());
    factory.setPassword(account.password());
    if (account.certificateAuthority() != null) {
      byte[] pem = account.certificateAuthority().getContentAsByteArray();
      factory.setOptions(client -> client.extraRootsPem(pem));
    }
    return factory;
  }

  @Bean
  CachingSessionFactory<FTPFile> cachedFtpsSessions(NativeFtpsSessionFactory factory) {
    return new CachingSessionFactory<>(factory);
  }

  @Bean
  FtpRemoteFileTemplate remoteFileTemplate(CachingSessionFactory<FTPFile> sessions) {
    return new FtpRemoteFileTemplate(sessions);
  }
}
