package dev.terrane.ec2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.iam.IamService;
import dev.terrane.kms.KmsService;
import dev.terrane.ssm.SsmService;
import dev.terrane.sts.StsService;
import dev.terrane.testkit.MemoryCompute;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.resource.ResourceExample;
import dev.terrane.testkit.resource.ResourceTypeSuite;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.ssm.SsmClient;

class Ec2ResourcesTest extends ResourceTypeSuite {
    private static final String PUBLIC_KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJm2hO1ZfCZmfY0ywMEQwCQFRwPVdKqjWW/Ig9Ekm7aN somebody@somewhere";

    @Override
    protected TestServer start() {
        MemoryCompute compute = new MemoryCompute();
        return TestServer.withCompute(
                (data, threads) -> compute,
                IamService::new,
                StsService::new,
                KmsService::new,
                SsmService::new,
                Ec2Service::new);
    }

    @Override
    protected List<String> spaces() {
        return List.of("AWS::EC2::");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    protected List<ResourceExample> examples(TestServer on) {
        Ec2Client ec2 = on.client(Ec2Client.class);
        String vpc = ec2.describeVpcs(r -> {}).vpcs().getFirst().vpcId();
        String subnet = ec2.describeSubnets(r -> r.filters(Ec2Resources.filter("availability-zone", "us-east-1a")))
                .subnets()
                .getFirst()
                .subnetId();
        String group = ec2.createSecurityGroup(r -> r.groupName("web").description("web"))
                .groupId();
        String other = ec2.createSecurityGroup(r -> r.groupName("db").description("db"))
                .groupId();
        on.client(IamClient.class).createInstanceProfile(r -> r.instanceProfileName("web"));
        String own = ec2.createVpc(r -> r.cidrBlock("10.0.0.0/16")).vpc().vpcId();
        String table = ec2.createRouteTable(r -> r.vpcId(own)).routeTable().routeTableId();
        String inner = ec2.createSubnet(r -> r.vpcId(own).cidrBlock("10.0.0.0/24"))
                .subnet()
                .subnetId();
        String gateway = ec2.createInternetGateway(r -> {}).internetGateway().internetGatewayId();
        ec2.attachInternetGateway(r -> r.internetGatewayId(gateway).vpcId(own));
        String spare = ec2.createInternetGateway(r -> {}).internetGateway().internetGatewayId();
        String lonely = ec2.createVpc(r -> r.cidrBlock("10.9.0.0/16")).vpc().vpcId();
        String tags = "'Tags':[{'Key':'b','Value':'2'},{'Key':'a','Value':'1'}]";
        String fewer = "'Tags':[{'Key':'a','Value':'3'}]";
        return List.of(
                ResourceExample.of("AWS::EC2::VPC", "{'CidrBlock':'10.1.0.0/16'," + tags + "}")
                        .then("{'CidrBlock':'10.1.0.0/16','EnableDnsHostnames':true,'EnableDnsSupport':false}")
                        .then("{'CidrBlock':'10.1.0.0/16','InstanceTenancy':'default'," + fewer + "}"),
                ResourceExample.of(
                                "AWS::EC2::Subnet",
                                "{'VpcId':'" + own + "','CidrBlock':'10.0.5.0/24','AvailabilityZone':'us-east-1b'}")
                        .then("{'VpcId':'" + own + "','CidrBlock':'10.0.5.0/24','AvailabilityZone':'us-east-1b',"
                                + "'MapPublicIpOnLaunch':true," + tags + "}")
                        .then("{'VpcId':'" + own + "','CidrBlock':'10.0.5.0/24','AvailabilityZone':'us-east-1b',"
                                + fewer + "}"),
                ResourceExample.of("AWS::EC2::InternetGateway", "{}")
                        .then("{" + tags + "}")
                        .then("{" + fewer + "}"),
                ResourceExample.of(
                        "AWS::EC2::VPCGatewayAttachment",
                        "{'VpcId':'" + lonely + "','InternetGatewayId':'" + spare + "'}"),
                ResourceExample.of("AWS::EC2::RouteTable", "{'VpcId':'" + own + "'}")
                        .then("{'VpcId':'" + own + "'," + tags + "}")
                        .then("{'VpcId':'" + own + "'," + fewer + "}"),
                ResourceExample.of(
                                "AWS::EC2::Route",
                                "{'RouteTableId':'" + table + "','DestinationCidrBlock':'0.0.0.0/0','GatewayId':'"
                                        + gateway + "'}")
                        .then("{'RouteTableId':'" + table + "','DestinationCidrBlock':'0.0.0.0/0','GatewayId':'"
                                + gateway + "'}"),
                ResourceExample.of(
                        "AWS::EC2::SubnetRouteTableAssociation",
                        "{'RouteTableId':'" + table + "','SubnetId':'" + inner + "'}"),
                ResourceExample.of("AWS::EC2::SecurityGroup", "{'GroupDescription':'All of it'}")
                        .then("{'GroupDescription':'All of it','SecurityGroupIngress':["
                                + "{'IpProtocol':'tcp','FromPort':80,'ToPort':80,'CidrIp':'0.0.0.0/0','Description':'web'},"
                                + "{'IpProtocol':'6','FromPort':443,'ToPort':443,'CidrIpv6':'::/0'},"
                                + "{'IpProtocol':-1,'SourceSecurityGroupId':'" + group + "'}],"
                                + "'SecurityGroupEgress':[{'IpProtocol':'tcp','FromPort':5432,'ToPort':5432,"
                                + "'DestinationSecurityGroupId':'" + other + "'}],"
                                + "'Tags':[{'Key':'b','Value':'2'},{'Key':'a','Value':'1'}]}")
                        .then("{'GroupDescription':'All of it','SecurityGroupIngress':["
                                + "{'IpProtocol':'udp','FromPort':53,'ToPort':53,'CidrIp':'10.0.0.0/8'},"
                                + "{'IpProtocol':'tcp','FromPort':80,'ToPort':80,'CidrIp':'0.0.0.0/0','Description':'the web'}],"
                                + "'Tags':[{'Key':'a','Value':'2'}]}"),
                ResourceExample.of(
                        "AWS::EC2::SecurityGroup",
                        "{'GroupName':'named','GroupDescription':'Named','VpcId':'" + vpc + "',"
                                + "'SecurityGroupEgress':[{'IpProtocol':'-1','CidrIp':'0.0.0.0/0','Description':'out'}]}"),
                ResourceExample.of(
                                "AWS::EC2::SecurityGroupIngress",
                                "{'GroupId':'" + group
                                        + "','IpProtocol':'tcp','FromPort':22,'ToPort':22,'CidrIp':'10.0.0.0/8'}")
                        .then("{'GroupId':'" + group + "','IpProtocol':'tcp','FromPort':22,'ToPort':22,"
                                + "'CidrIp':'10.0.0.0/8','Description':'ssh'}"),
                ResourceExample.of(
                        "AWS::EC2::SecurityGroupIngress",
                        "{'GroupId':'" + group + "','IpProtocol':'-1','SourceSecurityGroupId':'" + other + "'}"),
                ResourceExample.of(
                                "AWS::EC2::SecurityGroupEgress",
                                "{'GroupId':'" + group + "','IpProtocol':'tcp','FromPort':1,'ToPort':9,"
                                        + "'DestinationSecurityGroupId':'" + other + "','Description':'one'}")
                        .then("{'GroupId':'" + group + "','IpProtocol':'tcp','FromPort':1,'ToPort':9,"
                                + "'DestinationSecurityGroupId':'" + other + "','Description':'two'}"),
                ResourceExample.of(
                                "AWS::EC2::LaunchTemplate",
                                "{'LaunchTemplateData':{'ImageId':'" + Images.DEFAULT + "'}}")
                        .then("{'VersionDescription':'The second','LaunchTemplateData':{'ImageId':'" + Images.DEFAULT
                                + "','InstanceType':'t3.micro','KeyName':'none','UserData':'" + base64("#!/bin/sh\n")
                                + "',"
                                + "'IamInstanceProfile':{'Name':'web'},'MetadataOptions':{'HttpTokens':'required'},"
                                + "'Monitoring':{'Enabled':true},'Placement':{'AvailabilityZone':'us-east-1b'},"
                                + "'BlockDeviceMappings':[{'DeviceName':'/dev/xvda','Ebs':{'VolumeSize':8,'VolumeType':'gp3'}}],"
                                + "'NetworkInterfaces':[{'DeviceIndex':0,'Groups':['" + group + "'],'SubnetId':'"
                                + subnet + "'}],"
                                + "'TagSpecifications':[{'ResourceType':'instance','Tags':[{'Key':'Name','Value':'web'}]}]},"
                                + "'TagSpecifications':[{'ResourceType':'launch-template','Tags':["
                                + "{'Key':'b','Value':'1'},{'Key':'a','Value':'1'}]}]}")
                        .then("{'LaunchTemplateData':{'ImageId':'" + Images.DEFAULT + "','SecurityGroupIds':['" + group
                                + "']},'TagSpecifications':[{'ResourceType':'launch-template','Tags':["
                                + "{'Key':'a','Value':'2'}]}]}"),
                ResourceExample.of(
                        "AWS::EC2::KeyPair",
                        "{'KeyName':'made','KeyType':'ed25519','KeyFormat':'pem',"
                                + "'Tags':[{'Key':'b','Value':'2'},{'Key':'a','Value':'1'}]}"),
                ResourceExample.of(
                        "AWS::EC2::KeyPair", "{'KeyName':'imported','PublicKeyMaterial':'" + PUBLIC_KEY + "'}"),
                ResourceExample.of(
                                "AWS::EC2::Instance", "{'ImageId':'" + Images.DEFAULT + "','InstanceType':'t3.micro'}")
                        .then("{'ImageId':'" + Images.DEFAULT + "','InstanceType':'t3.small','UserData':'"
                                + base64("#!/bin/sh\necho hello\n") + "','DisableApiTermination':true,"
                                + "'InstanceInitiatedShutdownBehavior':'terminate','SecurityGroupIds':['" + group
                                + "'],"
                                + "'MetadataOptions':{'HttpTokens':'optional','HttpPutResponseHopLimit':1},"
                                + "'Tags':[{'Key':'b','Value':'2'},{'Key':'a','Value':'1'}]}")
                        .then("{'ImageId':'" + Images.DEFAULT
                                + "','InstanceType':'t3.small','Tags':[{'Key':'a','Value':'3'}]}"),
                ResourceExample.of(
                        "AWS::EC2::Instance",
                        "{'ImageId':'" + Images.DEFAULT + "','InstanceType':'t3.micro','AvailabilityZone':'us-east-1a',"
                                + "'IamInstanceProfile':'web','Monitoring':true,'EbsOptimized':true,'Tenancy':'default',"
                                + "'CreditSpecification':{'CPUCredits':'standard'},"
                                + "'NetworkInterfaces':[{'DeviceIndex':'0','SubnetId':'" + subnet + "','GroupSet':['"
                                + other
                                + "']}]}"));
    }

    @Test
    void thePrivateKeyIsKeptInAParameter() {
        made("AWS::EC2::KeyPair", "{'KeyName':'made'}");
        String id = server().client(Ec2Client.class)
                .describeKeyPairs(r -> r.keyNames("made"))
                .keyPairs()
                .getFirst()
                .keyPairId();
        assertThat(server().client(SsmClient.class)
                        .getParameter(r -> r.name("/ec2/keypair/" + id).withDecryption(true))
                        .parameter()
                        .value())
                .startsWith("-----BEGIN RSA PRIVATE KEY-----");
    }
}
