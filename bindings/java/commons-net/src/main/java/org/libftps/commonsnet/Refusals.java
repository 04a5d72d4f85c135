package org.libftps.commonsnet;

import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What cannot work over the native client, and why. */
final class Refusals {
  private static final String OWN_SOCKET =
      "it needs a data socket of the caller's own, which has no TLS session to resume; use the methods that transfer";
  private static final String TLS_STATE =
      "it would change the TLS state, which the native client keeps";
  private static final Map<String, String> COMMANDS = commands();

  private Refusals() {}

  private static Map<String, String> commands() {
    Map<String, String> reasons = new HashMap<>();
    for (String verb : new String[] {"PASV", "EPSV", "PORT", "EPRT", "LPSV", "LPRT"}) {
      reasons.put(verb, OWN_SOCKET);
    }
    for (String verb : new String[] {"RETR", "STOR", "STOU", "APPE", "LIST", "NLST", "MLSD"}) {
      reasons.put(verb, OWN_SOCKET);
    }
    for (String verb : new String[] {"AUTH", "CCC", "REIN"}) {
      reasons.put(verb, TLS_STATE);
    }
    return Collections.unmodifiableMap(reasons);
  }

  static UnsupportedOperationException of(String what, String why) {
    return new UnsupportedOperationException(
        what + " is not supported by NativeFTPSClient: " + why);
  }

  /** Throws when this command cannot work. */
  static void checkCommand(String verb, String argument) {
    String reason = COMMANDS.get(verb);
    if (reason != null) {
      throw of(verb, reason);
    }
    String value = argument.toUpperCase(Locale.ROOT);
    if (verb.equals("MODE") && !value.equals("S")) {
      throw of("MODE " + value, "the native client transfers in stream mode only");
    }
    if (verb.equals("PROT") && !value.equals("P")) {
      throw of("PROT " + value, "data connections are always protected; use PROT P");
    }
  }
}
