/**
 * Whatever anybody sends is read or refused, and nothing else. Each target takes one input as a fuzzer makes it; {@code terrane test --suite fuzz} runs them for as
 * long as asked, and {@link dev.terrane.gateway.fuzz.FuzzTest} their seeds and some thousands of changes to these.
 */
@NullMarked
package dev.terrane.gateway.fuzz;

import org.jspecify.annotations.NullMarked;
