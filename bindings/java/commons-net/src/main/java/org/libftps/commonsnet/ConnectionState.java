package org.libftps.commonsnet;

/** What holds for one connection, and not for the next of the same client. */
final class ConnectionState {
  String user;
  String password;

  /** What Commons Net takes the type for, and what the server was told. */
  String wantedType = "A";

  String serverType = "A";

  /** From a REST that the caller sent himself; it holds for the next command only. */
  long markedOffset;

  private volatile PendingTransfer pending;

  /** The transfer that nobody has completed yet, or null. */
  PendingTransfer pending() {
    return pending;
  }

  void begin(PendingTransfer transfer) {
    pending = transfer;
  }

  /** Gives the transfer to complete, or null, and has none from now on. */
  PendingTransfer takePending() {
    PendingTransfer taken = pending;
    pending = null;
    return taken;
  }

  /** A transfer that nobody completed must not stand in the way, nor pass for a whole one. */
  void abandonTransfer() {
    PendingTransfer abandoned = takePending();
    if (abandoned != null) {
      abandoned.abort();
    }
  }
}
