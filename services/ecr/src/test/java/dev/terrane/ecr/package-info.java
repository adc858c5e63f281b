@NullMarked
package dev.terrane.ecr;

import org.jspecify.annotations.NullMarked;
