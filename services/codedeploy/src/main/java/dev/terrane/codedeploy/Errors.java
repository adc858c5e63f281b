package dev.terrane.codedeploy;

import software.amazon.awssdk.services.codedeploy.model.ErrorCode;
import software.amazon.awssdk.services.codedeploy.model.ErrorInformation;

/** Why a deployment failed. See "ErrorInformation" in the API reference. */
final class Errors {
    static final ErrorInformation NO_INSTANCES = of(
            ErrorCode.NO_INSTANCES,
            "The deployment failed because no instances were found for your deployment group. Check your deployment group "
                    + "settings to make sure the tags for your Amazon EC2 instances or Auto Scaling groups correctly "
                    + "identify the instances you want to deploy to, and then try again.");
    static final ErrorInformation TOO_FEW_HEALTHY = of(
            ErrorCode.HEALTH_CONSTRAINTS,
            "The overall deployment failed because too many individual instances failed deployment, too few healthy "
                    + "instances are available for deployment, or some instances in your deployment group are experiencing "
                    + "problems.");
    static final ErrorInformation IMPOSSIBLE = of(
            ErrorCode.HEALTH_CONSTRAINTS_INVALID,
            "The deployment failed because the minimum number of healthy instances, as defined by the deployment "
                    + "configuration, is not below the number of instances: none of them may be deployed to.");
    static final ErrorInformation STOPPED_BY_USER =
            of(ErrorCode.MANUAL_STOP, "The deployment has been stopped by a user-initiated action.");
    static final ErrorInformation GROUP_MISSING =
            of(ErrorCode.DEPLOYMENT_GROUP_MISSING, "The deployment failed because its deployment group was deleted.");

    private Errors() {}

    static ErrorInformation of(ErrorCode code, String message) {
        return ErrorInformation.builder().code(code).message(message).build();
    }
}
