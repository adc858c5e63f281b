/**
 * IAM's policy language: reading policy documents, and deciding from them whether a request is allowed. Pure: nothing
 * here reads a clock, a store or the network.
 */
@NullMarked
package dev.terrane.kernel.policy;

import org.jspecify.annotations.NullMarked;
