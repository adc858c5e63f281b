/** What stands in for compute on a machine that can run no workloads. */
@NullMarked
package dev.terrane.compute.none;

import org.jspecify.annotations.NullMarked;
