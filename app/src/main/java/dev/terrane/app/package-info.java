/** Wiring: which backends, which services, and the command line. */
@NullMarked
package dev.terrane.app;

import org.jspecify.annotations.NullMarked;
