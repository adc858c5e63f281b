/** The root of the gateway module; see docs/architecture.md. */
@NullMarked
package dev.terrane.gateway;

import org.jspecify.annotations.NullMarked;
