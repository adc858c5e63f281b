@NullMarked
package dev.terrane.gateway.protocol;

import org.jspecify.annotations.NullMarked;
