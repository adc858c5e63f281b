/** Holds requests against the constraints of AWS's models, and words what is wrong as AWS's services do. */
@NullMarked
package dev.terrane.kernel.validate;

import org.jspecify.annotations.NullMarked;
