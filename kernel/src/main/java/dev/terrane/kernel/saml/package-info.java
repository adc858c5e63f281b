/** What IAM and STS both read of SAML 2.0. */
@NullMarked
package dev.terrane.kernel.saml;

import org.jspecify.annotations.NullMarked;
