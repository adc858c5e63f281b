package dev.terrane.codedeploy;

import java.time.Instant;
import software.amazon.awssdk.services.codedeploy.model.MinimumHealthyHosts;

/** A deployment configuration: how many instances must stay healthy. */
record ConfigRecord(String name, String id, MinimumHealthyHosts minimum, Instant created) {}
