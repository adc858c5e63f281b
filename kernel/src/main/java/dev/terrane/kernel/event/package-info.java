/** Events that services emit in the same commit as their state. */
@NullMarked
package dev.terrane.kernel.event;

import org.jspecify.annotations.NullMarked;
