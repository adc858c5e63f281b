package dev.terrane.codebuild;

/** The local cache of a project: a tar stream in a blob. */
record CacheRecord(String project, String blob) {}
