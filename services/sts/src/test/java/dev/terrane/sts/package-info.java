/** Tests of STS through its public interface. */
@NullMarked
package dev.terrane.sts;

import org.jspecify.annotations.NullMarked;
