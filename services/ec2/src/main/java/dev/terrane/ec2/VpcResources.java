package dev.terrane.ec2;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CreateSubnetRequest;
import software.amazon.awssdk.services.ec2.model.CreateVpcRequest;
import software.amazon.awssdk.services.ec2.model.InternetGateway;
import software.amazon.awssdk.services.ec2.model.InternetGatewayAttachment;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.Vpc;
import software.amazon.awssdk.services.ec2.model.VpcAttributeName;
import software.amazon.awssdk.services.ec2.model.VpcCidrBlockAssociation;

/** CloudFormation's types of networks: VPCs, subnets and internet gateways. */
final class VpcResources {
    private VpcResources() {}

    private static Ec2Client ec2(ResourceWork work) {
        return work.client(Ec2Client.class);
    }

    /** {@code AWS::EC2::VPC}. */
    static final class VpcType implements ResourceType {
        private static final String HOSTNAMES = "EnableDnsHostnames";
        private static final String SUPPORT = "EnableDnsSupport";

        @Override
        public String name() {
            return "AWS::EC2::VPC";
        }

        @Override
        public Set<String> supported() {
            return Set.of("CidrBlock", HOSTNAMES, SUPPORT, "InstanceTenancy", "Tags");
        }

        @Override
        public String create(ResourceWork work) {
            String id = ec2(work)
                    .createVpc(work.desired().without("Tags").as(CreateVpcRequest.builder()).toBuilder()
                            .tagSpecifications(Ec2Resources.specifications(work, "vpc"))
                            .build())
                    .vpc()
                    .vpcId();
            work.made(id);
            changeAttributes(work, id);
            return id;
        }

        private static void changeAttributes(ResourceWork work, String id) {
            boolean support = work.desired().flag(SUPPORT).orElse(true);
            if (support != work.previous().flag(SUPPORT).orElse(true)) {
                ec2(work).modifyVpcAttribute(r -> r.vpcId(id).enableDnsSupport(v -> v.value(support)));
            }
            boolean hostnames = work.desired().flag(HOSTNAMES).orElse(false);
            if (hostnames != work.previous().flag(HOSTNAMES).orElse(false)) {
                ec2(work).modifyVpcAttribute(r -> r.vpcId(id).enableDnsHostnames(v -> v.value(hostnames)));
            }
        }

        /** {@inheritDoc} Only from dedicated to default it could be changed in place. */
        @Override
        public boolean replaces(String property, Properties previous, Properties desired) {
            String before = previous.text(property).orElse("default");
            String after = desired.text(property).orElse("default");
            return !before.equals(after) && !after.equals("default");
        }

        @Override
        public void update(ResourceWork work, String id) {
            changeAttributes(work, id);
            Ec2Resources.changeTags(work, id);
        }

        @Override
        public void delete(ResourceWork work, String id) {
            Ec2Resources.unlessGone(() -> ec2(work).deleteVpc(r -> r.vpcId(id)));
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            return Ec2Resources.found(() -> ec2(work).describeVpcs(r -> r.vpcIds(id)).vpcs().stream()
                            .findFirst())
                    .map(vpc -> Properties.builder()
                            .put(
                                    HOSTNAMES,
                                    ec2(work)
                                            .describeVpcAttribute(
                                                    r -> r.vpcId(id).attribute(VpcAttributeName.ENABLE_DNS_HOSTNAMES))
                                            .enableDnsHostnames()
                                            .value())
                            .put(
                                    SUPPORT,
                                    ec2(work)
                                            .describeVpcAttribute(
                                                    r -> r.vpcId(id).attribute(VpcAttributeName.ENABLE_DNS_SUPPORT))
                                            .enableDnsSupport()
                                            .value())
                            .put(
                                    "CidrBlockAssociations",
                                    vpc.cidrBlockAssociationSet().stream()
                                            .map(VpcCidrBlockAssociation::associationId)
                                            .toList())
                            .put("DefaultSecurityGroup", defaultGroup(work, id))
                            .tags("Tags", Ec2Resources.tags(vpc.tags()))
                            .model(ResourceSchema.of(name()).orElseThrow(), vpc)
                            .inOrderOf(work.desired(), "Tags")
                            .build());
        }

        private static Optional<String> defaultGroup(ResourceWork work, String id) {
            return ec2(work)
                    .describeSecurityGroups(r ->
                            r.filters(Ec2Resources.filter("vpc-id", id), Ec2Resources.filter("group-name", "default")))
                    .securityGroups()
                    .stream()
                    .map(SecurityGroup::groupId)
                    .findFirst();
        }

        @Override
        public List<String> list(ResourceWork work) {
            return ec2(work).describeVpcsPaginator(r -> {}).vpcs().stream()
                    .map(Vpc::vpcId)
                    .toList();
        }
    }

    /** {@code AWS::EC2::Subnet}. */
    static final class SubnetType implements ResourceType {
        private static final String PUBLIC = "MapPublicIpOnLaunch";

        @Override
        public String name() {
            return "AWS::EC2::Subnet";
        }

        @Override
        public Set<String> supported() {
            return Set.of("AvailabilityZone", "AvailabilityZoneId", "CidrBlock", PUBLIC, "Tags", "VpcId");
        }

        @Override
        public String create(ResourceWork work) {
            String id = ec2(work)
                    .createSubnet(work.desired().without("Tags").as(CreateSubnetRequest.builder()).toBuilder()
                            .tagSpecifications(Ec2Resources.specifications(work, "subnet"))
                            .build())
                    .subnet()
                    .subnetId();
            work.made(id);
            changePublic(work, id);
            return id;
        }

        private static void changePublic(ResourceWork work, String id) {
            boolean open = work.desired().flag(PUBLIC).orElse(false);
            if (open != work.previous().flag(PUBLIC).orElse(false)) {
                ec2(work).modifySubnetAttribute(r -> r.subnetId(id).mapPublicIpOnLaunch(v -> v.value(open)));
            }
        }

        @Override
        public void update(ResourceWork work, String id) {
            changePublic(work, id);
            Ec2Resources.changeTags(work, id);
        }

        @Override
        public void delete(ResourceWork work, String id) {
            Ec2Resources.unlessGone(() -> ec2(work).deleteSubnet(r -> r.subnetId(id)));
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            return Ec2Resources.found(() -> ec2(work).describeSubnets(r -> r.subnetIds(id)).subnets().stream()
                            .findFirst())
                    .map(subnet -> Properties.builder()
                            .tags("Tags", Ec2Resources.tags(subnet.tags()))
                            .model(ResourceSchema.of(name()).orElseThrow(), subnet)
                            .inOrderOf(work.desired(), "Tags")
                            .build());
        }

        @Override
        public List<String> list(ResourceWork work) {
            return ec2(work).describeSubnetsPaginator(r -> {}).subnets().stream()
                    .map(Subnet::subnetId)
                    .toList();
        }
    }

    private static Optional<InternetGateway> gateway(ResourceWork work, String id) {
        return Ec2Resources.found(
                () -> ec2(work).describeInternetGateways(r -> r.internetGatewayIds(id)).internetGateways().stream()
                        .findFirst());
    }

    /** {@code AWS::EC2::InternetGateway}. */
    static final class Gateway implements ResourceType {
        @Override
        public String name() {
            return "AWS::EC2::InternetGateway";
        }

        @Override
        public Set<String> supported() {
            return Set.of("Tags");
        }

        @Override
        public String create(ResourceWork work) {
            String id = ec2(work)
                    .createInternetGateway(
                            r -> r.tagSpecifications(Ec2Resources.specifications(work, "internet-gateway")))
                    .internetGateway()
                    .internetGatewayId();
            work.made(id);
            return id;
        }

        @Override
        public void update(ResourceWork work, String id) {
            Ec2Resources.changeTags(work, id);
        }

        @Override
        public void delete(ResourceWork work, String id) {
            Ec2Resources.unlessGone(() -> ec2(work).deleteInternetGateway(r -> r.internetGatewayId(id)));
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            return gateway(work, id)
                    .map(found -> Properties.builder()
                            .put("InternetGatewayId", id)
                            .tags("Tags", Ec2Resources.tags(found.tags()))
                            .inOrderOf(work.desired(), "Tags")
                            .build());
        }

        @Override
        public List<String> list(ResourceWork work) {
            return ec2(work).describeInternetGatewaysPaginator(r -> {}).internetGateways().stream()
                    .map(InternetGateway::internetGatewayId)
                    .toList();
        }
    }

    /** {@code AWS::EC2::VPCGatewayAttachment}, of an internet gateway: {@code IGW|vpc-…}. */
    static final class Attachment implements ResourceType {
        private static final String PREFIX = "IGW|";
        private static final String GATEWAY = "InternetGatewayId";

        @Override
        public String name() {
            return "AWS::EC2::VPCGatewayAttachment";
        }

        @Override
        public Set<String> supported() {
            return Set.of(GATEWAY, "VpcId");
        }

        @Override
        public String create(ResourceWork work) {
            String vpc = work.desired().required("VpcId");
            String gateway = work.desired()
                    .text(GATEWAY)
                    .orElseThrow(
                            () -> Refusals.combination("Either InternetGatewayId or VpnGatewayId must be provided"));
            ec2(work).attachInternetGateway(r -> r.internetGatewayId(gateway).vpcId(vpc));
            work.made(PREFIX + vpc);
            return PREFIX + vpc;
        }

        @Override
        public void update(ResourceWork work, String id) {
            if (!work.desired().text(GATEWAY).equals(work.previous().text(GATEWAY))) {
                String vpc = id.substring(PREFIX.length());
                ec2(work)
                        .detachInternetGateway(
                                r -> r.internetGatewayId(work.previous().required(GATEWAY))
                                        .vpcId(vpc));
                ec2(work)
                        .attachInternetGateway(
                                r -> r.internetGatewayId(work.desired().required(GATEWAY))
                                        .vpcId(vpc));
            }
        }

        @Override
        public void delete(ResourceWork work, String id) {
            attached(work, id)
                    .ifPresent(gateway -> ec2(work)
                            .detachInternetGateway(
                                    r -> r.internetGatewayId(gateway).vpcId(id.substring(PREFIX.length()))));
        }

        private static Optional<String> attached(ResourceWork work, String id) {
            String vpc = id.substring(PREFIX.length());
            return ec2(work)
                    .describeInternetGateways(r -> r.filters(Ec2Resources.filter("attachment.vpc-id", vpc)))
                    .internetGateways()
                    .stream()
                    .map(InternetGateway::internetGatewayId)
                    .findFirst();
        }

        @Override
        public Optional<Properties> read(ResourceWork work, String id) {
            return attached(work, id)
                    .map(gateway -> Properties.builder()
                            .put(GATEWAY, gateway)
                            .put("VpcId", id.substring(PREFIX.length()))
                            .put("AttachmentType", "IGW")
                            .build());
        }

        @Override
        public List<String> list(ResourceWork work) {
            return ec2(work).describeInternetGatewaysPaginator(r -> {}).internetGateways().stream()
                    .flatMap(gateway -> gateway.attachments().stream())
                    .map(InternetGatewayAttachment::vpcId)
                    .map(PREFIX::concat)
                    .toList();
        }
    }
}
