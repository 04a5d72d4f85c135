package com.example.payments.ftps;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.libftps.commonsnet.NativeFTPSClient;
import org.libftps.spring.NativeFtpsSession;
import org.libftps.spring.NativeFtpsSessionFactory;
import org.springframework.integration.ftp.session.FtpSession;

public class CountingSessionFactory extends NativeFtpsSessionFactory {
  private final Set<NativeFtpsSession> open = ConcurrentHashMap.newKeySet();
  private final LongAdder closedResumed = new LongAdder();
  private final LongAdder closedFull = new LongAdder();

  public record Counted(long resumed, long full) {
    public long dataConnections() {
      return resumed + full;
    }
  }

  public Counted getStatistics() {
    long resumed = closedResumed.sum();
    long full = closedFull.sum();
    for (NativeFtpsSession session : open) {
      try {
        resumed += session.getStatistics().resumed();
        full += session.getStatistics().full();
      } catch (IOException e) {
        continue;
      }
    }
    return new Counted(resumed, full);
  }

  @Override
  public FtpSession getSession() {
    NativeFtpsSession session =
        new NativeFtpsSession((NativeFTPSClient) super.getSession().getClientInstance()) {
          @Override
          public void close() {
            try {
              closedResumed.add(getStatistics().resumed());
              closedFull.add(getStatistics().full());
            } catch (IOException e) {
              logger.debug("uncounted", e);
            }
            open.remove(this);
            super.close();
          }
        };
    open.add(session);
    return session;
  }
}
