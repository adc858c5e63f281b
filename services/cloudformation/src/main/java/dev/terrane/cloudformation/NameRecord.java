package dev.terrane.cloudformation;

/** Which stack has a name now. */
record NameRecord(String name, String stack) {}
