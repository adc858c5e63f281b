package dev.terrane.cloudformation;

/** An output that other stacks may import. */
record ExportRecord(String name, String value, String stackArn, String stack) {}
