package dev.terrane.iam;

import java.time.Instant;

/** When, for which service and in which region an access key was last used. */
record AccessKeyUseRecord(String id, Instant time, String service, String region) {}
