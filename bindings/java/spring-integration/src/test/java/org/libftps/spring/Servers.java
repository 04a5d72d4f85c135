package org.libftps.spring;

import java.io.IOException;
import org.libftps.testing.Kind;
import org.libftps.testing.TestServer;

/**
 * Demanding servers, each with another listing, another rule and other words. One of each serves
 * all tests that do not ask for its account, and ends with this process.
 */
enum Servers {
  /** FileZilla Server 0.9's rule. */
  STRICT {
    @Override
    TestServer start() throws IOException {
      return TestServer.strict("--tls", "1.2", "--wording", "filezilla-0.9", "--key", "rsa");
    }
  },
  VSFTPD {
    @Override
    TestServer start() throws IOException {
      return TestServer.real(Kind.VSFTPD, "1.2");
    }
  },
  PROFTPD {
    @Override
    TestServer start() throws IOException {
      return TestServer.real(Kind.PROFTPD, "1.3");
    }
  };

  private TestServer shared;

  abstract TestServer start() throws IOException;

  synchronized TestServer shared() throws IOException {
    if (shared == null) {
      shared = start();
    }
    return shared;
  }
}
