/** Credentials, and the policies that apply to a principal. */
@NullMarked
package dev.terrane.kernel.identity;

import org.jspecify.annotations.NullMarked;
