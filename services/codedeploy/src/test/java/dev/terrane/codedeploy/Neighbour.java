package dev.terrane.codedeploy;

import dev.terrane.kernel.service.Service;
import software.amazon.awssdk.core.SdkClient;

/** A service beside CodeDeploy, by an implementation of its SDK interface. */
record Neighbour<C extends SdkClient>(String name, Class<C> api, C implementation) implements Service {}
