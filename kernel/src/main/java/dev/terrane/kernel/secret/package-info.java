/** The installation's master key and what is sealed under it. */
@NullMarked
package dev.terrane.kernel.secret;

import org.jspecify.annotations.NullMarked;
