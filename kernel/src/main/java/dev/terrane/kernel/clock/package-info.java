/** The only clock and the only source of threads. */
@NullMarked
package dev.terrane.kernel.clock;

import org.jspecify.annotations.NullMarked;
