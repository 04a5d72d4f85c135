/**
 * An FTPS client whose data connections always resume the control connection's TLS session, on TLS
 * 1.2 and 1.3. {@link org.libftps.FtpsClient} is where to begin.
 *
 * <p><b>The native library.</b> It is in the jar, and loaded when the first client connects: a copy
 * for each class loader that has these classes, unpacked into a directory that nobody else can
 * write to, and deleted as soon as it is loaded. Where it cannot be loaded, {@code connect} fails
 * with an {@link org.libftps.FtpsException} of kind {@code library}, whose message says what to do.
 * These system properties are read then; in a relocated (shaded) copy they begin with the name that
 * this package has there:
 *
 * <ul>
 *   <li>{@code org.libftps.tmpdir}: where to unpack it, if not in {@code java.io.tmpdir}; a file
 *       system that is mounted noexec will not do
 *   <li>{@code org.libftps.library.path}: a library of one's own, or its directory, to unpack in
 *       place of the jar's
 * </ul>
 *
 * <p><b>Native access.</b> JDK 24 and newer print a warning, and later ones will refuse, unless
 * they are told that native code is wanted: by {@code --enable-native-access=ALL-UNNAMED}, or
 * {@code =org.libftps} where the jar is on the module path, or by {@code Enable-Native-Access:
 * ALL-UNNAMED} in the manifest of the jar that is started with {@code -jar}. They look for it in no
 * other jar.
 *
 * <p><b>Class loaders.</b> They can be unloaded when their clients are closed. The library's code
 * stays in the process: a redeployment costs its size once more.
 */
package org.libftps;
