package dev.terrane.iam;

import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.resource.ResourceExample;
import dev.terrane.testkit.resource.ResourceTypeSuite;
import java.security.KeyPair;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.iam.IamClient;

class IamResourcesTest extends ResourceTypeSuite {
    private static final String TRUST = "{'Version':'2012-10-17','Statement':[{'Effect':'Allow',"
            + "'Principal':{'Service':'%s.amazonaws.com'},'Action':'sts:AssumeRole'}]}";
    private static final String READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess";
    private static final String BOUNDARY = "arn:aws:iam::aws:policy/AdministratorAccess";

    @Override
    protected TestServer start() {
        return TestServer.with(IamService::new);
    }

    @Override
    protected List<String> spaces() {
        return List.of("AWS::IAM::");
    }

    private static String policy(String action) {
        return "{'Version':'2012-10-17','Statement':[{'Effect':'Allow','Action':'" + action + "','Resource':'*'}]}";
    }

    private static String inline(String name, String action) {
        return "{'PolicyName':'" + name + "','PolicyDocument':" + policy(action) + "}";
    }

    @Override
    protected List<ResourceExample> examples(TestServer on) {
        IamClient iam = on.client(IamClient.class);
        for (String name : List.of("one", "two")) {
            iam.createUser(r -> r.userName(name));
            iam.createGroup(r -> r.groupName(name));
            iam.createRole(r -> r.roleName(name)
                    .assumeRolePolicyDocument(TRUST.formatted("ec2").replace('\'', '"')));
        }
        return Stream.of(holders(), policies(), providers(), others(), List.of(certificate()))
                .flatMap(List::stream)
                .toList();
    }

    private static List<ResourceExample> holders() {
        String trust = TRUST.formatted("ec2");
        String other = TRUST.formatted("codebuild");
        return List.of(
                ResourceExample.of(
                                "AWS::IAM::Role",
                                "{'RoleName':'cdk-hnb659fds-deploy-role','AssumeRolePolicyDocument':" + trust
                                        + ",'Path':'/cdk/','Description':'deploys','MaxSessionDuration':7200,"
                                        + "'PermissionsBoundary':'" + BOUNDARY + "','ManagedPolicyArns':['" + READ_ONLY
                                        + "','" + BOUNDARY + "'],'Policies':[" + inline("z", "s3:GetObject") + ","
                                        + inline("a", "s3:PutObject")
                                        + "],'Tags':[{'Key':'b','Value':'1'},{'Key':'a','Value':'2'}]}")
                        .then("{'RoleName':'cdk-hnb659fds-deploy-role','AssumeRolePolicyDocument':" + other
                                + ",'Path':'/cdk/','ManagedPolicyArns':['" + BOUNDARY + "'],'Policies':["
                                + inline("a", "s3:DeleteObject") + "," + inline("c", "s3:PutObject")
                                + "],'Tags':[{'Key':'a','Value':'3'}]}")
                        .then("{'RoleName':'cdk-hnb659fds-deploy-role','AssumeRolePolicyDocument':" + other
                                + ",'Path':'/cdk/','Description':'again','PermissionsBoundary':'" + READ_ONLY + "'}"),
                ResourceExample.of("AWS::IAM::Role", "{'AssumeRolePolicyDocument':" + trust + "}"),
                ResourceExample.of(
                                "AWS::IAM::User",
                                "{'UserName':'alice','Path':'/people/','Groups':['two','one'],'PermissionsBoundary':'"
                                        + BOUNDARY + "','ManagedPolicyArns':['" + READ_ONLY + "'],'Policies':["
                                        + inline("a", "s3:GetObject") + "],'Tags':[{'Key':'a','Value':'1'}]}")
                        .then("{'UserName':'alice','Groups':['one'],'Policies':[" + inline("b", "s3:GetObject")
                                + "],'Tags':[{'Key':'b','Value':'1'}]}")
                        .then("{'UserName':'alice','Path':'/staff/','Groups':['two'],'PermissionsBoundary':'"
                                + READ_ONLY + "'}"),
                ResourceExample.of(
                                "AWS::IAM::User",
                                "{'UserName':'bob','LoginProfile':{'Password':'Correct-horse-1','PasswordResetRequired':true}}")
                        .then("{'UserName':'bob','LoginProfile':{'Password':'Battery-staple-2'}}")
                        .then("{'UserName':'bob'}")
                        .then("{'UserName':'bob','LoginProfile':{'Password':'Correct-horse-1'}}"),
                ResourceExample.of(
                                "AWS::IAM::Group",
                                "{'GroupName':'builders','Path':'/a/','ManagedPolicyArns':['" + READ_ONLY
                                        + "'],'Policies':[" + inline("a", "s3:GetObject") + "]}")
                        .then("{'GroupName':'builders','Path':'/b/','ManagedPolicyArns':['" + BOUNDARY
                                + "'],'Policies':[" + inline("a", "s3:PutObject") + "]}")
                        .then("{'GroupName':'builders'}"));
    }

    private static List<ResourceExample> policies() {
        ResourceExample versions = ResourceExample.of(
                "AWS::IAM::ManagedPolicy",
                "{'ManagedPolicyName':'works','Path':'/a/','Description':'d','PolicyDocument':" + policy("s3:GetObject")
                        + ",'Users':['two','one'],'Groups':['one'],'Roles':['one']}");
        versions.then("{'ManagedPolicyName':'works','Path':'/a/','Description':'d','PolicyDocument':"
                + policy("s3:PutObject") + ",'Users':['two'],'Roles':['two','one']}");
        for (int i = 0; i < 6; i++) {
            // More often than there may be versions.
            versions.then("{'ManagedPolicyName':'works','Path':'/a/','Description':'d','PolicyDocument':"
                    + policy("s3:Get" + "A".repeat(i + 1)) + "}");
        }
        String kept = "'Roles':['one'],";
        List<ResourceExample> examples = new ArrayList<>(List.of(
                versions,
                ResourceExample.of("AWS::IAM::ManagedPolicy", "{'PolicyDocument':" + policy("s3:GetObject") + "}"),
                ResourceExample.of(
                                "AWS::IAM::Policy",
                                "{'PolicyName':'p','Users':['two','one'],'Groups':['one']," + kept + "'PolicyDocument':"
                                        + policy("s3:GetObject") + "}")
                        .then("{'PolicyName':'p','Users':['two']," + kept + "'PolicyDocument':" + policy("s3:PutObject")
                                + "}")
                        .then("{'PolicyName':'q','Groups':['two']," + kept + "'PolicyDocument':"
                                + policy("s3:PutObject") + "}")));
        for (String kind : List.of("Role", "User", "Group")) {
            String named = "{'PolicyName':'own','" + kind + "Name':'one','PolicyDocument':";
            examples.add(ResourceExample.of("AWS::IAM::" + kind + "Policy", named + policy("s3:GetObject") + "}")
                    .then(named + policy("s3:PutObject") + "}"));
        }
        return examples;
    }

    private static List<ResourceExample> providers() {
        String thumbprint = "990f4193972f2becf12ddeda5237f9c952f20d9e";
        String metadata = "'SamlMetadataDocument':'%s'";
        return List.of(
                ResourceExample.of(
                                "AWS::IAM::OIDCProvider",
                                "{'Url':'https://gitlab.example/a','ClientIdList':['b','a'],'ThumbprintList':['"
                                        + thumbprint + "'],'Tags':[{'Key':'b','Value':'1'},{'Key':'a','Value':'2'}]}")
                        .then("{'Url':'https://gitlab.example/a','ClientIdList':['a','c'],'ThumbprintList':['"
                                + "a".repeat(40) + "'],'Tags':[{'Key':'a','Value':'3'}]}"),
                ResourceExample.of("AWS::IAM::OIDCProvider", "{'Url':'https://other.example'}"),
                ResourceExample.of(
                                "AWS::IAM::SAMLProvider",
                                "{'Name':'idp'," + metadata.formatted(metadata("one"))
                                        + ",'Tags':[{'Key':'a','Value':'1'}]}")
                        .then("{'Name':'idp'," + metadata.formatted(metadata("two"))
                                + ",'Tags':[{'Key':'b','Value':'1'}]}"),
                ResourceExample.of("AWS::IAM::SAMLProvider", "{" + metadata.formatted(metadata("three")) + "}"));
    }

    /** As it stands in JSON. */
    private static String metadata(String entity) {
        return SamlExample.metadata(entity).replace("\n", "\\n").replace("\"", "\\\"");
    }

    private static ResourceExample certificate() {
        KeyPair key = TestAuthority.pair("EC", 256);
        TestAuthority root = TestAuthority.root("root");
        String parts = "'ServerCertificateName':'www','CertificateBody':'" + escaped(root.issue("www", key))
                + "','CertificateChain':'" + escaped(root.certificate()) + "','PrivateKey':'"
                + escaped(TestAuthority.pem(key.getPrivate())) + "'";
        return ResourceExample.of(
                        "AWS::IAM::ServerCertificate",
                        "{" + parts + ",'Path':'/web/','Tags':[{'Key':'b','Value':'1'},{'Key':'a','Value':'2'}]}")
                .unreadable("PrivateKey")
                .then("{" + parts + ",'Path':'/cloudfront/','Tags':[{'Key':'a','Value':'3'}]}")
                .then("{" + parts + "}");
    }

    private static String escaped(String pem) {
        return pem.replace("\n", "\\n");
    }

    private static List<ResourceExample> others() {
        return List.of(
                ResourceExample.of(
                                "AWS::IAM::InstanceProfile",
                                "{'InstanceProfileName':'web','Path':'/a/','Roles':['one']}")
                        .then("{'InstanceProfileName':'web','Path':'/a/','Roles':['two']}"),
                ResourceExample.of("AWS::IAM::InstanceProfile", "{'Roles':['two']}"),
                ResourceExample.of("AWS::IAM::AccessKey", "{'UserName':'one','Serial':1,'Status':'Inactive'}")
                        .unreadable("Serial")
                        .then("{'UserName':'one','Serial':1}"),
                ResourceExample.of("AWS::IAM::UserToGroupAddition", "{'GroupName':'one','Users':['two','one']}")
                        .then("{'GroupName':'one','Users':['one']}")
                        .then("{'GroupName':'two','Users':['one','two']}"),
                ResourceExample.of(
                                "AWS::IAM::ServiceLinkedRole",
                                "{'AWSServiceName':'autoscaling.amazonaws.com','CustomSuffix':'x','Description':'d'}")
                        .then("{'AWSServiceName':'autoscaling.amazonaws.com','CustomSuffix':'x','Description':'e'}"));
    }
}
