/** AWS Key Management Service; see docs/services/kms.md. */
@NullMarked
package dev.terrane.kms;

import org.jspecify.annotations.NullMarked;
