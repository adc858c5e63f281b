@NullMarked
package dev.terrane.cloudcontrol;

import org.jspecify.annotations.NullMarked;
