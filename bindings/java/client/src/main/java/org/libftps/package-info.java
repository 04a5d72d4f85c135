/**
 * An FTPS client whose data connections always resume the control connection's TLS session, on TLS
 * 1.2 and 1.3. {@link org.libftps.FtpsClient} is where to begin.
 */
package org.libftps;
