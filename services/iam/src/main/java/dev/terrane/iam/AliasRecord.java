package dev.terrane.iam;

/** Which account has an alias; aliases are unique in the installation. */
record AliasRecord(String alias, String account) {}
