package org.libftps.commonsnet;

import java.util.Locale;

/**
 * A command as callers write it: some put a part of the argument into the verb ({@code "SITE
 * CHMOD"}).
 */
final class CommandLine {
  final String verb;
  final String argument;

  CommandLine(String command, String argument) {
    String line = argument == null || argument.isEmpty() ? command : command + " " + argument;
    int space = line.indexOf(' ');
    this.verb = (space < 0 ? line : line.substring(0, space)).toUpperCase(Locale.ROOT);
    this.argument = space < 0 ? "" : line.substring(space + 1);
  }
}
