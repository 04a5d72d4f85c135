/**
 * Apache Commons Net's {@code FTPSClient} over the native client.
 *
 * <p>Exceptions are of the classes that {@code FTPSClient} throws ({@code
 * FTPConnectionClosedException}, {@code SocketTimeoutException}, {@code SSLException} and others);
 * the native client's {@code FtpsException} is their cause, or is thrown itself where there is no
 * such class.
 *
 * <p>Camel takes a {@code NativeFTPSClient} from its registry, one for each endpoint: {@code
 * ftps://...?ftpClient=#name}. Commons VFS has no option for a client: extend {@code
 * FtpsFileProvider}, {@code FtpFileSystem}, {@code FTPClientWrapper} and {@code
 * FtpClientFactory.ConnectionFactory} so that the last makes one.
 */
package org.libftps.commonsnet;
