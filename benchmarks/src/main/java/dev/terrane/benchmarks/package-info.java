/** What performance claims are measured with: a real server in a process of its own, signed requests, its CPU as the kernel counts it. */
@NullMarked
package dev.terrane.benchmarks;

import org.jspecify.annotations.NullMarked;
