/** The call that is being served, who makes it, and how one service calls another. */
@NullMarked
package dev.terrane.kernel.call;

import org.jspecify.annotations.NullMarked;
