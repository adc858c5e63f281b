/** Calls that leave this server for addresses that customers name. */
@NullMarked
package dev.terrane.kernel.net;

import org.jspecify.annotations.NullMarked;
