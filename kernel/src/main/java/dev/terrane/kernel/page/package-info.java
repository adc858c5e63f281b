/** Paging tokens that survive restarts and cannot be forged. */
@NullMarked
package dev.terrane.kernel.page;

import org.jspecify.annotations.NullMarked;
