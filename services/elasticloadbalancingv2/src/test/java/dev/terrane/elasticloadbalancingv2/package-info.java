/** Elastic Load Balancing, tested through its client interface and through the balancer itself. */
@NullMarked
package dev.terrane.elasticloadbalancingv2;

import org.jspecify.annotations.NullMarked;
