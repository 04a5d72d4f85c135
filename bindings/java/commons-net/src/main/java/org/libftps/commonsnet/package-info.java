/** Apache Commons Net's {@code FTPSClient} over the native client. */
package org.libftps.commonsnet;
