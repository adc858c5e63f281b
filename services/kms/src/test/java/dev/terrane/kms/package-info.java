@NullMarked
package dev.terrane.kms;

import org.jspecify.annotations.NullMarked;
