@NullMarked
package dev.terrane.kernel.contract;

import org.jspecify.annotations.NullMarked;
