/** What holds for every service, as a suite of tests that each service inherits: see {@code ServiceContractSuite}. */
@NullMarked
package dev.terrane.testkit.contract;

import org.jspecify.annotations.NullMarked;
