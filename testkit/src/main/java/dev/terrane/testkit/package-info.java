/** The root of the testkit module; see docs/architecture.md. */
@NullMarked
package dev.terrane.testkit;

import org.jspecify.annotations.NullMarked;
