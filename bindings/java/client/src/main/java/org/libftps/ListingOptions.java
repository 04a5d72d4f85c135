package org.libftps;

import java.time.Duration;
import java.util.Objects;

/**
 * How {@link FtpsClient#list} and all that builds on it list a directory. {@code new
 * ListingOptions()} finds out by itself: from FEAT, from SYST, and from the lines.
 *
 * <p>Immutable: each method returns another value.
 */
public final class ListingOptions {
  /** The command that lists a directory. */
  public enum Command {
    /**
     * MLSD where FEAT names MLST and no other format is wanted, else LIST; NLST for {@link
     * Format#NAMES}.
     */
    AUTO,
    /** MLSD (RFC 3659 section 7), whatever FEAT says. */
    MLSD,
    /** LIST (RFC 959 section 4.1.3). */
    LIST,
    /** NLST: names alone. */
    NLST
  }

  /** How the lines of a listing are read. */
  public enum Format {
    /**
     * Whichever of those below the first line that is understood belongs to. Never {@link #NAMES}:
     * any line might be a name.
     */
    AUTO,
    /** MLSD (RFC 3659 section 7). */
    MLSX,
    /** {@code ls -l}. */
    UNIX,
    /** MS-DOS, as IIS sends it. */
    DOS,
    /** NLST: each line is a name. */
    NAMES,
    /** IBM i (OS/400). */
    OS400,
    /** z/OS (MVS): data sets, members, load modules, jobs. Its Unix side is {@link #UNIX}. */
    ZOS,
    /** OpenVMS. */
    VMS,
    /** EPLF, the easily parsed list format. */
    EPLF,
    /** Novell NetWare. */
    NETWARE,
    /** Peter Lewis' FTPd and NetPresenz on the classic Mac OS. */
    MACOS_PETER
  }

  final Command command;
  final Format format;
  final String arguments;
  final Duration serverClock;

  /** Everything is found out. */
  public ListingOptions() {
    this(Command.AUTO, Format.AUTO, "", null);
  }

  private ListingOptions(Command command, Format format, String arguments, Duration serverClock) {
    this.command = Objects.requireNonNull(command);
    this.format = Objects.requireNonNull(format);
    this.arguments = Objects.requireNonNull(arguments);
    this.serverClock = serverClock;
  }

  /**
   * The command.
   *
   * @param command default: {@link Command#AUTO}
   * @return these options with that command
   */
  public ListingOptions command(Command command) {
    return new ListingOptions(command, format, arguments, serverClock);
  }

  /**
   * How the lines are read.
   *
   * @param format default: {@link Format#AUTO}
   * @return these options with that format
   */
  public ListingOptions format(Format format) {
    return new ListingOptions(command, format, arguments, serverClock);
  }

  /**
   * What goes between LIST or NLST and the path, for instance {@code -a}, which has many servers
   * show hidden files. MLSD takes no such arguments. Sent as it is, though no server has to
   * understand it; with a line end or NUL in it, connecting or setting it fails.
   *
   * @param arguments default: empty
   * @return these options with those arguments
   */
  public ListingOptions arguments(String arguments) {
    return new ListingOptions(command, format, arguments, serverClock);
  }

  /**
   * What the server's clock shows, in its own time zone, ahead of UTC by this machine's clock: an
   * hour for a server in Central Europe in winter.
   *
   * <p>{@code ls} leaves the year out of recent dates, and this clock then tells which year it is.
   * Where it is not known, such a date is the latest that is at most two days ahead of this
   * machine's clock, which is right for every time zone; so it is needed only for a server whose
   * clock is wrong. Times stay in the server's zone either way.
   *
   * @param ahead in whole seconds, may be negative; default: null, not known
   * @return these options with that clock
   */
  public ListingOptions serverClock(Duration ahead) {
    return new ListingOptions(command, format, arguments, ahead);
  }
}
