/** The HTTP and HTTPS front of the server. */
@NullMarked
package dev.terrane.gateway.http;

import org.jspecify.annotations.NullMarked;
