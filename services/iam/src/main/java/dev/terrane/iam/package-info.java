/** AWS Identity and Access Management; see docs/services/iam.md. */
@NullMarked
package dev.terrane.iam;

import org.jspecify.annotations.NullMarked;
