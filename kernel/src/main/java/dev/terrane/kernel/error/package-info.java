/** AWS errors that a service answers with. */
@NullMarked
package dev.terrane.kernel.error;

import org.jspecify.annotations.NullMarked;
