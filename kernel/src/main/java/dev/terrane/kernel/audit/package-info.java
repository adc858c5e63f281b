/** The record of every call. */
@NullMarked
package dev.terrane.kernel.audit;

import org.jspecify.annotations.NullMarked;
