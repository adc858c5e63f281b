/** Elastic Load Balancing; see docs/services/elasticloadbalancingv2.md. */
@NullMarked
package dev.terrane.elasticloadbalancingv2;

import org.jspecify.annotations.NullMarked;
