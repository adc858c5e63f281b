/**
 * AWS's wire protocols: which operation a request means, its decoding into the SDK's request, and the encoding of
 * the SDK's response or exception. Knows no HTTP server and no service.
 */
@NullMarked
package dev.terrane.gateway.protocol;

import org.jspecify.annotations.NullMarked;
