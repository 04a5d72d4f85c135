package org.libftps;

import java.time.Duration;
import java.util.function.UnaryOperator;
import javax.net.ssl.X509KeyManager;
import javax.net.ssl.X509TrustManager;

/**
 * What the native library tells and asks in the midst of a call, on the thread that made it or on
 * one that executes its plan; {@code callbacks.rs} is the other side. The native function that
 * called throws what is thrown here.
 */
final class Upcalls implements UnaryOperator<byte[]> {
  private static final int SENT = 0;
  private static final int RECEIVED = 1;
  private static final int TRUSTED = 2;
  private static final int IDENTITY = 3;
  private static final int SIGNATURE = 4;
  private static final int RETRY = 5;

  private static final byte[] YES = {};

  private final Names names;
  private final DialogueListener dialogue;
  private final RetryListener retry;
  private final ServerTrust trust;
  private final ClientIdentity identity;

  private Upcalls(
      Names names,
      DialogueListener dialogue,
      RetryListener retry,
      ServerTrust trust,
      ClientIdentity identity) {
    this.names = names;
    this.dialogue = dialogue;
    this.retry = retry;
    this.trust = trust;
    this.identity = identity;
  }

  /** Each may be null; null when all are. */
  static Upcalls to(
      Names names,
      DialogueListener dialogue,
      RetryListener retry,
      X509TrustManager trustManager,
      X509KeyManager keyManager) {
    if (dialogue == null && retry == null && trustManager == null && keyManager == null) {
      return null;
    }
    ServerTrust trust = trustManager == null ? null : new ServerTrust(trustManager);
    ClientIdentity identity = keyManager == null ? null : new ClientIdentity(keyManager);
    return new Upcalls(names, dialogue, retry, trust, identity);
  }

  @Override
  public byte[] apply(byte[] question) {
    Wire.Reader reader = new Wire.Reader(question, names);
    try {
      switch (reader.byteValue()) {
        case SENT:
          dialogue.sent(reader.text());
          return null;
        case RECEIVED:
          dialogue.received(reader.reply());
          return null;
        case TRUSTED:
          trust.check(reader.list());
          return null;
        case IDENTITY:
          return identity.choose(reader.list(), reader.numbers());
        case SIGNATURE:
          return identity.sign(reader.intValue(), reader.bytes());
        case RETRY:
          return allows(reader) ? YES : null;
        default:
          throw new AssertionError("an unknown question of the native library");
      }
    } catch (FtpsException e) {
      throw Unchanged.thrown(e);
    }
  }

  private boolean allows(Wire.Reader reader) {
    int attempt = (int) reader.longValue();
    Duration delay = Duration.ofNanos(reader.longValue());
    long offset = reader.longValue();
    return retry.retry(reader.nestedException(), attempt, delay, offset);
  }
}
