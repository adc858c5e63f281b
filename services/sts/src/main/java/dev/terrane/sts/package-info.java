/** AWS Security Token Service; see docs/services/sts.md. */
@NullMarked
package dev.terrane.sts;

import org.jspecify.annotations.NullMarked;
