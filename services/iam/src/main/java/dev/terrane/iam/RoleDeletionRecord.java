package dev.terrane.iam;

/** A service-linked role that was deleted, by the task that DeleteServiceLinkedRole answered with. */
record RoleDeletionRecord(String taskId, String role) {}
