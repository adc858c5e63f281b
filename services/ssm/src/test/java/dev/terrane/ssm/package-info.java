@NullMarked
package dev.terrane.ssm;

import org.jspecify.annotations.NullMarked;
