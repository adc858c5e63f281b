/** The rules of the house, and the server as a whole. */
@NullMarked
package dev.terrane.app;

import org.jspecify.annotations.NullMarked;
