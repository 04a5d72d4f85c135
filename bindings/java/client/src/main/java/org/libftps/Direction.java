package org.libftps;

/** Which way the payload of a transfer goes. */
public enum Direction {
  /** From the server: RETR, LIST, MLSD, NLST. */
  DOWNLOAD,
  /** To the server: STOR, APPE, STOU. */
  UPLOAD
}
