@NullMarked
package dev.terrane.secretsmanager;

import org.jspecify.annotations.NullMarked;
