/** Spring Integration's FTPS over the native client. */
package org.libftps.spring;
