/** Amazon EventBridge; see docs/services/eventbridge.md. */
@NullMarked
package dev.terrane.eventbridge;

import org.jspecify.annotations.NullMarked;
