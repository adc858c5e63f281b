@NullMarked
package dev.terrane.compute.sandbox;

import org.jspecify.annotations.NullMarked;
