/** AWS Systems Manager parameters; see docs/services/ssm.md. */
@NullMarked
package dev.terrane.ssm;

import org.jspecify.annotations.NullMarked;
