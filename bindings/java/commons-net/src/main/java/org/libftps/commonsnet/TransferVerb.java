package org.libftps.commonsnet;

import java.util.Locale;
import org.libftps.Direction;

/** Which way the payload of a transfer command goes, and whether it is a listing. */
enum TransferVerb {
  UPLOAD(Direction.UPLOAD, false),
  DOWNLOAD(Direction.DOWNLOAD, false),
  LISTING(Direction.DOWNLOAD, true);

  private final Direction direction;
  private final boolean isListing;

  TransferVerb(Direction direction, boolean isListing) {
    this.direction = direction;
    this.isListing = isListing;
  }

  static TransferVerb of(String verb) {
    switch (verb.toUpperCase(Locale.ROOT)) {
      case "STOR":
      case "STOU":
      case "APPE":
        return UPLOAD;
      case "LIST":
      case "NLST":
      case "MLSD":
        return LISTING;
      default:
        return DOWNLOAD;
    }
  }

  Direction direction() {
    return direction;
  }

  boolean isListing() {
    return isListing;
  }
}
