/** An FTPS client whose data connections always resume the control connection's TLS session. */
module org.libftps {
  exports org.libftps;
}
