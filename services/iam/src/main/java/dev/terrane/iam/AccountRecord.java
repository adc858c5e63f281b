package dev.terrane.iam;

/** What IAM knows of an account itself: its alias. */
record AccountRecord(String account, String alias) {}
