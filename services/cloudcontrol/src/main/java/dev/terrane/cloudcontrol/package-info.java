/** AWS Cloud Control API; see docs/services/cloudcontrol.md. */
@NullMarked
package dev.terrane.cloudcontrol;

import org.jspecify.annotations.NullMarked;
