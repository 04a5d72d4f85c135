package com.example.payments.ftps;

import com.example.payments.Folders;
import com.example.payments.PaymentProperties;
import org.libftps.spring.NativeFtpsSessionFactory;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.stereotype.Component;

/**
 * Whether the FTPS server does what it is needed for. It lists, since a server that lets us log in
 * may still refuse every data connection.
 */
@Component
public class FtpsHealthIndicator extends AbstractHealthIndicator {
  private final RemoteFiles files;
  private final FtpsAccount account;
  private final NativeFtpsSessionFactory sessions;
  private final Folders folders;

  public FtpsHealthIndicator(
      RemoteFiles files,
      FtpsAccount account,
      NativeFtpsSessionFactory sessions,
      PaymentProperties properties) {
    super("The FTPS server cannot be used");
    this.files = files;
    this.account = account;
    this.sessions = sessions;
    folders = properties.folders();
  }

  @Override
  protected void doHealthCheck(Health.Builder builder) {
    builder.withDetail("server", account.host() + ":" + account.port());
    int inInbox = files.list(folders.inbox()).size();
    int inWork = files.list(folders.work()).size();
    builder
        .up()
        .withDetail("filesInInbox", inInbox)
        .withDetail("filesInWork", inWork)
        .withDetail("resumedDataConnections", sessions.getStatistics().resumed())
        .withDetail("fullDataConnections", sessions.getStatistics().full());
  }
}
