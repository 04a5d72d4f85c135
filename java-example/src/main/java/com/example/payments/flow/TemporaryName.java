package com.example.payments.flow;

import com.example.payments.lease.Lease;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a report is called until it is complete. The lease is in it: each owner has its own. */
final class TemporaryName {
  private static final Pattern FORM = Pattern.compile("\\.(.+)\\.(\\d{1,18})\\.part");

  private TemporaryName() {}

  static String of(Lease lease) {
    return ".%s.%d.part".formatted(lease.file(), lease.token());
  }

  /** The lease that a name is for; empty for other names. */
  static Optional<Lease> parse(String name) {
    Matcher matcher = FORM.matcher(name);
    return matcher.matches()
        ? Optional.of(new Lease(matcher.group(1), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }
}
