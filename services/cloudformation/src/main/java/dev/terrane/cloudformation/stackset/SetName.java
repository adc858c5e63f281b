package dev.terrane.cloudformation.stackset;

/** The name that a stack set has in its account and region, and whose it is. */
record SetName(String name, String set) {}
