/** Servers for tests: they demand resumed data connections, and tell what they saw. */
package org.libftps.testing;
