package dev.terrane.cloudformation;

import dev.terrane.cloudformation.template.ParameterLookups;
import dev.terrane.cloudformation.template.Unknown;
import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.error.AwsErrors;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.AvailabilityZone;
import software.amazon.awssdk.services.ec2.model.KeyPairInfo;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.Vpc;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterNotFoundException;

/** What parameters ask of the account, with the rights of whoever makes the request. */
final class AccountLookups implements ParameterLookups {
    private static final Actor CALLER = new Actor.Forwarded(CloudFormationService.PRINCIPAL);

    private final Clients clients;
    private final boolean previewing;

    AccountLookups(Clients clients, boolean previewing) {
        this.clients = clients;
        this.previewing = previewing;
    }

    @Override
    public boolean known(String text) {
        return !previewing || !text.equals(Unknown.TEXT);
    }

    @Override
    public boolean exists(String type, String value) {
        return switch (type) {
            case "AWS::SSM::Parameter::Name" -> stored(value).isPresent();
            case "AWS::EC2::Image::Id" ->
                there(() -> ec2().describeImages(r -> r.imageIds(value)).images());
            case "AWS::EC2::Instance::Id" ->
                there(() -> ec2().describeInstances(r -> r.instanceIds(value)).reservations());
            case "AWS::EC2::Volume::Id", "AWS::Route53::HostedZone::Id" -> false;
            default -> all(type).contains(value);
        };
    }

    private static boolean there(Supplier<List<?>> listing) {
        try {
            return !listing.get().isEmpty();
        } catch (AwsServiceException e) {
            if (e.awsErrorDetails() != null && e.awsErrorDetails().errorCode().contains(".")) {
                return false; // InvalidAMIID.NotFound and its like
            }
            throw e;
        }
    }

    private Ec2Client ec2() {
        return clients.client(Ec2Client.class, CALLER);
    }

    @Override
    public Optional<String> stored(String name) {
        try {
            return Optional.of(clients.client(SsmClient.class, CALLER)
                    .getParameter(r -> r.name(name))
                    .parameter()
                    .value());
        } catch (ParameterNotFoundException e) {
            return Optional.empty();
        }
    }

    @Override
    public List<String> all(String type) {
        return switch (type) {
            case "AWS::EC2::AvailabilityZone::Name" ->
                ec2().describeAvailabilityZones().availabilityZones().stream()
                        .map(AvailabilityZone::zoneName)
                        .toList();
            case "AWS::EC2::KeyPair::KeyName" ->
                ec2().describeKeyPairs().keyPairs().stream()
                        .map(KeyPairInfo::keyName)
                        .toList();
            case "AWS::EC2::SecurityGroup::GroupName" ->
                ec2().describeSecurityGroups().securityGroups().stream()
                        .map(SecurityGroup::groupName)
                        .toList();
            case "AWS::EC2::SecurityGroup::Id" ->
                ec2().describeSecurityGroups().securityGroups().stream()
                        .map(SecurityGroup::groupId)
                        .toList();
            case "AWS::EC2::Subnet::Id" ->
                ec2().describeSubnets().subnets().stream().map(Subnet::subnetId).toList();
            case "AWS::EC2::VPC::Id" ->
                ec2().describeVpcs().vpcs().stream().map(Vpc::vpcId).toList();
            default -> List.of();
        };
    }

    @Override
    public List<String> attribute(String type, String value, String attribute) {
        return switch (type) {
            case "AWS::EC2::Subnet::Id" ->
                ec2().describeSubnets(r -> r.subnetIds(value)).subnets().stream()
                        .flatMap(subnet -> switch (attribute) {
                            case "VpcId" -> java.util.stream.Stream.of(subnet.vpcId());
                            case "AvailabilityZone" -> java.util.stream.Stream.of(subnet.availabilityZone());
                            default -> tag(subnet.tags(), attribute).stream();
                        })
                        .toList();
            case "AWS::EC2::SecurityGroup::Id" ->
                ec2().describeSecurityGroups(r -> r.groupIds(value)).securityGroups().stream()
                        .flatMap(group -> attribute.equals("VpcId")
                                ? java.util.stream.Stream.of(group.vpcId())
                                : tag(group.tags(), attribute).stream())
                        .toList();
            case "AWS::EC2::VPC::Id" ->
                ec2().describeVpcs(r -> r.vpcIds(value)).vpcs().stream()
                        .flatMap(vpc -> attribute.equals("DefaultNetworkAcl")
                                ? java.util.stream.Stream.<String>empty()
                                : tag(vpc.tags(), attribute).stream())
                        .toList();
            default ->
                throw AwsErrors.of(
                        "ValidationError", 400, "Fn::ValueOf does not know " + attribute + " of " + type + " here");
        };
    }

    private static Optional<String> tag(List<Tag> tags, String attribute) {
        return tags.stream()
                .filter(tag -> attribute.equals("Tags." + tag.key()))
                .map(Tag::value)
                .findFirst();
    }
}
