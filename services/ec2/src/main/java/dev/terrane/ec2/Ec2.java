package dev.terrane.ec2;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.service.Platform;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.*;

/** EC2's operations: a table of contents. */
final class Ec2 implements Ec2Client {
    private final Launches launches;
    private final Instances instances;
    private final InstanceStates states;
    private final LaunchTemplates templates;
    private final KeyPairs keyPairs;
    private final SecurityGroups groups;
    private final GroupRules groupRules;
    private final Vpcs vpcs;
    private final RouteTables routeTables;
    private final InternetGateways gateways;
    private final Networks networks;
    private final Images images;
    private final InstanceTypes types;
    private final Tagging tagging;

    Ec2(
            Platform platform,
            Ec2Tables tables,
            NetworkTables networkTables,
            Images images,
            Instances instances,
            InstanceStates states,
            InstanceLife life,
            Firewalls firewalls,
            Ec2Events events) {
        PublicParameters parameters = new PublicParameters(platform.clients());
        this.images = images;
        this.instances = instances;
        this.states = states;
        templates = new LaunchTemplates(tables, platform.pages(), platform.clock(), parameters);
        keyPairs = new KeyPairs(tables, platform.clock());
        groups = new SecurityGroups(tables, networkTables, platform.pages(), firewalls);
        groupRules = new GroupRules(tables, groups, platform.pages(), firewalls);
        routeTables = new RouteTables(tables, networkTables, platform.pages());
        gateways = new InternetGateways(tables, networkTables, platform.pages());
        vpcs = new Vpcs(tables, networkTables, groups, routeTables);
        networks = new Networks(vpcs, platform.pages());
        types = new InstanceTypes(platform.pages());
        tagging = new Tagging(tables, platform.pages(), id -> exists(tables, id));
        launches = new Launches(platform, tables, templates, groups, vpcs, images, parameters, life, events);
    }

    private boolean exists(Ec2Tables tables, String id) {
        return switch (ResourceKinds.of(id)) {
            case "instance" -> tables.instance(id).isPresent();
            case "key-pair" ->
                tables.keyPairs().stream().anyMatch(pair -> pair.id().equals(id));
            case "launch-template" -> tables.template(id).isPresent();
            case "security-group" -> groups.find(id).isPresent();
            case "security-group-rule" -> groupRules.find(id).isPresent();
            case "subnet" -> vpcs.subnet(id).isPresent();
            case "internet-gateway" -> gateways.find(id).isPresent();
            case "route-table" -> routeTables.find(id).isPresent();
            case "vpc" -> vpcs.all().stream().anyMatch(vpc -> vpc.vpcId().equals(id));
            default -> false;
        };
    }

    @Override
    public String serviceName() {
        return SERVICE_NAME;
    }

    @Override
    public void close() {
        // Nothing of its own to release: instances end with the server.
    }

    @Override
    public RunInstancesResponse runInstances(RunInstancesRequest request) {
        return launches.run(request);
    }

    @Override
    public DescribeInstancesResponse describeInstances(DescribeInstancesRequest request) {
        return instances.describe(request);
    }

    @Override
    public DescribeInstanceStatusResponse describeInstanceStatus(DescribeInstanceStatusRequest request) {
        return instances.status(request);
    }

    @Override
    public StartInstancesResponse startInstances(StartInstancesRequest request) {
        return states.start(request);
    }

    @Override
    public StopInstancesResponse stopInstances(StopInstancesRequest request) {
        return states.stop(request);
    }

    @Override
    public RebootInstancesResponse rebootInstances(RebootInstancesRequest request) {
        return states.reboot(request);
    }

    @Override
    public TerminateInstancesResponse terminateInstances(TerminateInstancesRequest request) {
        return states.terminate(request);
    }

    @Override
    public DescribeInstanceAttributeResponse describeInstanceAttribute(DescribeInstanceAttributeRequest request) {
        return instances.attribute(request);
    }

    @Override
    public ModifyInstanceAttributeResponse modifyInstanceAttribute(ModifyInstanceAttributeRequest request) {
        return instances.modify(request, groups);
    }

    @Override
    public ModifyInstanceMetadataOptionsResponse modifyInstanceMetadataOptions(
            ModifyInstanceMetadataOptionsRequest request) {
        return instances.modifyMetadata(request);
    }

    @Override
    public DescribeNetworkInterfacesResponse describeNetworkInterfaces(DescribeNetworkInterfacesRequest request) {
        return instances.interfaces(request);
    }

    @Override
    public CreateTagsResponse createTags(CreateTagsRequest request) {
        return tagging.create(request);
    }

    @Override
    public DeleteTagsResponse deleteTags(DeleteTagsRequest request) {
        return tagging.delete(request);
    }

    @Override
    public DescribeTagsResponse describeTags(DescribeTagsRequest request) {
        return tagging.describe(request);
    }

    @Override
    public CreateLaunchTemplateResponse createLaunchTemplate(CreateLaunchTemplateRequest request) {
        return templates.create(request);
    }

    @Override
    public CreateLaunchTemplateVersionResponse createLaunchTemplateVersion(CreateLaunchTemplateVersionRequest request) {
        return templates.createVersion(request);
    }

    @Override
    public DescribeLaunchTemplatesResponse describeLaunchTemplates(DescribeLaunchTemplatesRequest request) {
        return templates.describe(request);
    }

    @Override
    public DescribeLaunchTemplateVersionsResponse describeLaunchTemplateVersions(
            DescribeLaunchTemplateVersionsRequest request) {
        return templates.describeVersions(request);
    }

    @Override
    public ModifyLaunchTemplateResponse modifyLaunchTemplate(ModifyLaunchTemplateRequest request) {
        return templates.modify(request);
    }

    @Override
    public DeleteLaunchTemplateResponse deleteLaunchTemplate(DeleteLaunchTemplateRequest request) {
        return templates.delete(request);
    }

    @Override
    public DeleteLaunchTemplateVersionsResponse deleteLaunchTemplateVersions(
            DeleteLaunchTemplateVersionsRequest request) {
        return templates.deleteVersions(request);
    }

    @Override
    public CreateKeyPairResponse createKeyPair(CreateKeyPairRequest request) {
        return keyPairs.create(request);
    }

    @Override
    public ImportKeyPairResponse importKeyPair(ImportKeyPairRequest request) {
        return keyPairs.importOne(request);
    }

    @Override
    public DescribeKeyPairsResponse describeKeyPairs(DescribeKeyPairsRequest request) {
        return keyPairs.describe(request);
    }

    @Override
    public DeleteKeyPairResponse deleteKeyPair(DeleteKeyPairRequest request) {
        return keyPairs.delete(request);
    }

    @Override
    public DescribeImagesResponse describeImages(DescribeImagesRequest request) {
        return images.list(request);
    }

    @Override
    public DescribeInstanceTypesResponse describeInstanceTypes(DescribeInstanceTypesRequest request) {
        return types.describe(request);
    }

    @Override
    public DescribeInstanceTypeOfferingsResponse describeInstanceTypeOfferings(
            DescribeInstanceTypeOfferingsRequest request) {
        return types.offerings(request, new DefaultNetwork(Call.current().scope()).zones());
    }

    @Override
    public DescribeVpcsResponse describeVpcs(DescribeVpcsRequest request) {
        return networks.vpcs(request);
    }

    @Override
    public DescribeVpcAttributeResponse describeVpcAttribute(DescribeVpcAttributeRequest request) {
        return vpcs.attribute(request);
    }

    @Override
    public CreateVpcResponse createVpc(CreateVpcRequest request) {
        return vpcs.create(request);
    }

    @Override
    public DeleteVpcResponse deleteVpc(DeleteVpcRequest request) {
        return vpcs.delete(request);
    }

    @Override
    public ModifyVpcAttributeResponse modifyVpcAttribute(ModifyVpcAttributeRequest request) {
        return vpcs.modify(request);
    }

    @Override
    public CreateSubnetResponse createSubnet(CreateSubnetRequest request) {
        return vpcs.create(request);
    }

    @Override
    public DeleteSubnetResponse deleteSubnet(DeleteSubnetRequest request) {
        return vpcs.delete(request);
    }

    @Override
    public ModifySubnetAttributeResponse modifySubnetAttribute(ModifySubnetAttributeRequest request) {
        return vpcs.modify(request);
    }

    @Override
    public CreateRouteTableResponse createRouteTable(CreateRouteTableRequest request) {
        return routeTables.create(request, vpcs);
    }

    @Override
    public DeleteRouteTableResponse deleteRouteTable(DeleteRouteTableRequest request) {
        return routeTables.delete(request);
    }

    @Override
    public DescribeRouteTablesResponse describeRouteTables(DescribeRouteTablesRequest request) {
        return routeTables.describe(request);
    }

    @Override
    public CreateRouteResponse createRoute(CreateRouteRequest request) {
        return routeTables.create(request);
    }

    @Override
    public ReplaceRouteResponse replaceRoute(ReplaceRouteRequest request) {
        return routeTables.replace(request);
    }

    @Override
    public DeleteRouteResponse deleteRoute(DeleteRouteRequest request) {
        return routeTables.delete(request);
    }

    @Override
    public AssociateRouteTableResponse associateRouteTable(AssociateRouteTableRequest request) {
        return routeTables.associate(request, vpcs);
    }

    @Override
    public DisassociateRouteTableResponse disassociateRouteTable(DisassociateRouteTableRequest request) {
        return routeTables.disassociate(request);
    }

    @Override
    public ReplaceRouteTableAssociationResponse replaceRouteTableAssociation(
            ReplaceRouteTableAssociationRequest request) {
        return routeTables.replace(request);
    }

    @Override
    public CreateInternetGatewayResponse createInternetGateway(CreateInternetGatewayRequest request) {
        return gateways.create(request);
    }

    @Override
    public DeleteInternetGatewayResponse deleteInternetGateway(DeleteInternetGatewayRequest request) {
        return gateways.delete(request);
    }

    @Override
    public AttachInternetGatewayResponse attachInternetGateway(AttachInternetGatewayRequest request) {
        return gateways.attach(request, vpcs);
    }

    @Override
    public DetachInternetGatewayResponse detachInternetGateway(DetachInternetGatewayRequest request) {
        return gateways.detach(request);
    }

    @Override
    public DescribeInternetGatewaysResponse describeInternetGateways(DescribeInternetGatewaysRequest request) {
        return gateways.describe(request);
    }

    @Override
    public DescribeSubnetsResponse describeSubnets(DescribeSubnetsRequest request) {
        return networks.subnets(request);
    }

    @Override
    public DescribeAvailabilityZonesResponse describeAvailabilityZones(DescribeAvailabilityZonesRequest request) {
        return networks.zones(request);
    }

    @Override
    public DescribeRegionsResponse describeRegions(DescribeRegionsRequest request) {
        return networks.regions(request);
    }

    @Override
    public DescribeAccountAttributesResponse describeAccountAttributes(DescribeAccountAttributesRequest request) {
        return networks.accountAttributes(request);
    }

    @Override
    public CreateSecurityGroupResponse createSecurityGroup(CreateSecurityGroupRequest request) {
        return groups.create(request);
    }

    @Override
    public UpdateSecurityGroupRuleDescriptionsIngressResponse updateSecurityGroupRuleDescriptionsIngress(
            UpdateSecurityGroupRuleDescriptionsIngressRequest request) {
        return groups.describeIngress(request);
    }

    @Override
    public UpdateSecurityGroupRuleDescriptionsEgressResponse updateSecurityGroupRuleDescriptionsEgress(
            UpdateSecurityGroupRuleDescriptionsEgressRequest request) {
        return groups.describeEgress(request);
    }

    @Override
    public DescribeSecurityGroupsResponse describeSecurityGroups(DescribeSecurityGroupsRequest request) {
        return groups.describe(request);
    }

    @Override
    public DescribeSecurityGroupRulesResponse describeSecurityGroupRules(DescribeSecurityGroupRulesRequest request) {
        return groupRules.describe(request);
    }

    @Override
    public ModifySecurityGroupRulesResponse modifySecurityGroupRules(ModifySecurityGroupRulesRequest request) {
        return groupRules.modify(request);
    }

    @Override
    public AuthorizeSecurityGroupIngressResponse authorizeSecurityGroupIngress(
            AuthorizeSecurityGroupIngressRequest request) {
        return groups.authorizeIngress(request);
    }

    @Override
    public AuthorizeSecurityGroupEgressResponse authorizeSecurityGroupEgress(
            AuthorizeSecurityGroupEgressRequest request) {
        return groups.authorizeEgress(request);
    }

    @Override
    public RevokeSecurityGroupIngressResponse revokeSecurityGroupIngress(RevokeSecurityGroupIngressRequest request) {
        return groups.revokeIngress(request);
    }

    @Override
    public RevokeSecurityGroupEgressResponse revokeSecurityGroupEgress(RevokeSecurityGroupEgressRequest request) {
        return groups.revokeEgress(request);
    }

    @Override
    public DeleteSecurityGroupResponse deleteSecurityGroup(DeleteSecurityGroupRequest request) {
        return groups.delete(request);
    }
}
