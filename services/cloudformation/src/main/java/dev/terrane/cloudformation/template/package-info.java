/** The template language of CloudFormation: parsing, parameters, functions, dependencies, checks. Pure: no store, no clients, no clock. */
@NullMarked
package dev.terrane.cloudformation.template;

import org.jspecify.annotations.NullMarked;
