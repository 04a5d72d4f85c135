package org.libftps;

/** What ends a line of local texts in TYPE A. */
public enum LineEnds {
  /** CR LF, as on the wire: nothing is converted. */
  CR_LF,
  /** LF, as on Unix. */
  LF
}
