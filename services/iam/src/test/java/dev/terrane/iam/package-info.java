/** Tests of IAM through its public interface. */
@NullMarked
package dev.terrane.iam;

import org.jspecify.annotations.NullMarked;
