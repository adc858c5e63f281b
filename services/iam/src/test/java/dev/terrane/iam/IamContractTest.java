package dev.terrane.iam;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.contract.Exceptions;
import dev.terrane.testkit.contract.Missing;
import dev.terrane.testkit.contract.Names;
import dev.terrane.testkit.contract.ServiceContractSuite;
import dev.terrane.testkit.contract.Tagging;
import java.security.KeyPair;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.JobStatusType;
import software.amazon.awssdk.services.iam.model.ReportStateType;
import software.amazon.awssdk.services.iam.model.ServerCertificateMetadata;
import software.amazon.awssdk.services.iam.model.Tag;
import software.amazon.awssdk.services.iam.model.VirtualMFADevice;

final class IamContractTest extends ServiceContractSuite<IamClient> {
    IamContractTest() {
        super(IamClient.class);
    }

    @Override
    protected TestServer start() {
        return TestServer.with(IamService::new);
    }

    @Override
    protected Names example(IamClient client, String name) {

        Tag made = Tag.builder().key("made").value("here").build();
        client.createUser(r -> r.userName(name).tags(made));
        client.createGroup(r -> r.groupName(name));
        client.addUserToGroup(r -> r.groupName(name).userName(name));
        client.createRole(r -> r.roleName(name).assumeRolePolicyDocument(TRUST).tags(made));
        client.createInstanceProfile(r -> r.instanceProfileName(name).tags(made));
        client.addRoleToInstanceProfile(r -> r.instanceProfileName(name).roleName(name));
        String policy = client.createPolicy(
                        r -> r.policyName(name).policyDocument(POLICY).tags(made))
                .policy()
                .arn();
        client.createPolicyVersion(r -> r.policyArn(policy).policyDocument(POLICY));
        client.attachUserPolicy(r -> r.userName(name).policyArn(policy));
        client.attachGroupPolicy(r -> r.groupName(name).policyArn(policy));
        client.attachRolePolicy(r -> r.roleName(name).policyArn(policy));
        client.putUserPolicy(r -> r.userName(name).policyName("inline").policyDocument(POLICY));
        client.putGroupPolicy(r -> r.groupName(name).policyName("inline").policyDocument(POLICY));
        client.putRolePolicy(r -> r.roleName(name).policyName("inline").policyDocument(POLICY));
        String key = client.createAccessKey(r -> r.userName(name)).accessKey().accessKeyId();
        String credential = client.createServiceSpecificCredential(
                        r -> r.userName(name).serviceName("codecommit.amazonaws.com"))
                .serviceSpecificCredential()
                .serviceSpecificCredentialId();
        client.createLoginProfile(r -> r.userName(name).password(PASSWORD));
        String sshKey = client.uploadSSHPublicKey(r -> r.userName(name).sshPublicKeyBody(SshKeysTest.LINE))
                .sshPublicKey()
                .sshPublicKeyId();
        String signing = client.uploadSigningCertificate(r -> r.userName(name).certificateBody(CERTIFICATE))
                .certificate()
                .certificateId();
        makeRoom(client);
        client.uploadServerCertificate(r -> r.serverCertificateName(name)
                .certificateBody(CERTIFICATE)
                .privateKey(PRIVATE_KEY)
                .tags(made));
        VirtualMFADevice device = client.createVirtualMFADevice(
                        r -> r.virtualMFADeviceName(name).tags(made))
                .virtualMFADevice();
        client.enableMFADevice(r -> r.userName(name)
                .serialNumber(device.serialNumber())
                .authenticationCode1(code(device, -1))
                .authenticationCode2(code(device, 0)));
        VirtualMFADevice spare = client.createVirtualMFADevice(r -> r.virtualMFADeviceName("spare-" + name))
                .virtualMFADevice();
        client.updateAccountPasswordPolicy(r -> {});
        report(client, Arn.iam(TestServer.ACCOUNT, "user/" + name).toString());
        String oidc = client.createOpenIDConnectProvider(r -> r.url("https://" + name + ".example")
                        .clientIDList("sts.amazonaws.com")
                        .tags(made))
                .openIDConnectProviderArn();
        String saml = client.createSAMLProvider(r -> r.name(name)
                        .samlMetadataDocument(SamlExample.metadata(name))
                        .tags(made))
                .samlProviderArn();
        return Names.of("UserName", name)
                .and("SAMLProviderArn", saml)
                .and("SAMLMetadataDocument", SamlExample.metadata(name))
                .and("CreateSAMLProvider.Name", "new-" + name)
                .and("OpenIDConnectProviderArn", oidc)
                .and("CreateOpenIDConnectProvider.Url", "https://new-" + name + ".example")
                .and("ThumbprintList", "a".repeat(40))
                .and("CreateLoginProfile.UserName", name)
                .and("GetLoginProfile.UserName", name)
                .and("DeleteLoginProfile.UserName", name)
                .and("ListSSHPublicKeys.UserName", name)
                .and("SSHPublicKeyId", sshKey)
                .and("SSHPublicKeyBody", OTHER_SSH_KEY)
                .and("Encoding", "SSH")
                .and("UploadSigningCertificate.UserName", name)
                .and("ListSigningCertificates.UserName", name)
                .and("UpdateSigningCertificate.UserName", name)
                .and("DeleteSigningCertificate.UserName", name)
                .and("CertificateId", signing)
                .and("CertificateBody", CERTIFICATE)
                .and("PrivateKey", PRIVATE_KEY)
                .and("ServerCertificateName", name)
                .and("UploadServerCertificate.ServerCertificateName", "new-" + name)
                .and("UpdateServerCertificate.NewServerCertificateName", "renamed-" + name)
                .and("VirtualMFADeviceName", "new-" + name)
                .and("SerialNumber", device.serialNumber())
                .and("EnableMFADevice.SerialNumber", spare.serialNumber())
                .and("DeleteVirtualMFADevice.SerialNumber", spare.serialNumber())
                .and("AuthenticationCode1", code(spare, -1))
                .and("AuthenticationCode2", code(spare, 0))
                .and("ListMFADevices.UserName", name)
                .and("DeactivateMFADevice.UserName", name)
                .and("GetMFADevice.UserName", name)
                .and("Arn", Arn.iam(TestServer.ACCOUNT, "user/" + name).toString())
                .and("JobId", job)
                .and("ServiceNamespace", "iam")
                .and("ServiceNamespaces", "iam")
                .and("Password", PASSWORD)
                .and("OldPassword", PASSWORD)
                .and("NewPassword", PASSWORD)
                .and("GetUser.UserName", name)
                .and("ListAccessKeys.UserName", name)
                .and("ListServiceSpecificCredentials.UserName", name)
                .and("CreateAccessKey.UserName", name)
                .and("DeleteAccessKey.UserName", name)
                .and("UpdateAccessKey.UserName", name)
                .and("DeleteServiceSpecificCredential.UserName", name)
                .and("ResetServiceSpecificCredential.UserName", name)
                .and("UpdateServiceSpecificCredential.UserName", name)
                .and("UpdateUser.NewUserName", "renamed-" + name)
                .and("UpdateGroup.NewGroupName", "renamed-" + name)
                .and("GroupName", name)
                .and("RoleName", name)
                .and("InstanceProfileName", name)
                .and("PolicyName", "inline")
                .and("CreatePolicy.PolicyName", name)
                .and("PolicyArn", policy)
                .and("PolicyDocument", POLICY)
                .and("UpdateAssumeRolePolicy.PolicyDocument", TRUST)
                .and("AssumeRolePolicyDocument", TRUST)
                .and("VersionId", "v1")
                .and("SetDefaultPolicyVersion.VersionId", "v2")
                .and("DeletePolicyVersion.VersionId", "v2")
                .and("AccessKeyId", key)
                .and("Status", "Active")
                .and("AccountAlias", name)
                .and("ServiceSpecificCredentialId", credential)
                .and("ServiceName", "codecommit.amazonaws.com")
                .and("PermissionsBoundary", policy)
                .and(
                        "PolicySourceArn",
                        Arn.iam(TestServer.ACCOUNT, "user/" + name).toString())
                .and("PolicyInputList", POLICY)
                .and("ActionNames", "s3:GetObject")
                .and("AWSServiceName", "autoscaling.amazonaws.com")
                .and("Description", "example");
    }

    /** Makes the reports that all examples share, and waits for them. */
    private void report(IamClient client, String arn) {
        if (!job.isEmpty()) {
            return;
        }
        job = client.generateServiceLastAccessedDetails(r -> r.arn(arn)).jobId();
        TestServer.await(
                () -> client.getServiceLastAccessedDetails(r -> r.jobId(job)).jobStatus() == JobStatusType.COMPLETED);
        TestServer.await(() -> client.generateCredentialReport().state() == ReportStateType.COMPLETE);
    }

    /** An account has 20 server certificates at most, and the suite makes one with each example; the first three are those that it reads. */
    private static void makeRoom(IamClient client) {
        List<ServerCertificateMetadata> all =
                client.listServerCertificates(r -> {}).serverCertificateMetadataList();
        if (all.size() > 15) {
            all.stream()
                    .map(ServerCertificateMetadata::serverCertificateName)
                    .filter(found -> !found.matches("example[123]"))
                    .forEach(found -> client.deleteServerCertificate(r -> r.serverCertificateName(found)));
        }
    }

    private String code(VirtualMFADevice device, int from) {
        return Totp.code(
                device.base32StringSeed().asUtf8String(),
                Totp.step(server().clock().instant()) + from);
    }

    @Override
    protected Missing missing() {
        return Missing.none()
                .and("UserName", "none", "NoSuchEntity")
                .and("GetUser.UserName", "none", "NoSuchEntity")
                .and("CreateLoginProfile.UserName", "none", "NoSuchEntity")
                .and("GetLoginProfile.UserName", "none", "NoSuchEntity")
                .and("DeleteLoginProfile.UserName", "none", "NoSuchEntity")
                .and("ListSSHPublicKeys.UserName", "none", "NoSuchEntity")
                .and("SSHPublicKeyId", "APKAEXAMPLEEXAMPLE12", "NoSuchEntity")
                .and("UploadSigningCertificate.UserName", "none", "NoSuchEntity")
                .and("ListSigningCertificates.UserName", "none", "NoSuchEntity")
                .and("CertificateId", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "NoSuchEntity")
                .and("ServerCertificateName", "none", "NoSuchEntity")
                .and("SerialNumber", Arn.iam(TestServer.ACCOUNT, "mfa/none").toString(), "NoSuchEntity")
                .and("ListMFADevices.UserName", "none", "NoSuchEntity")
                .and("Arn", Arn.iam(TestServer.ACCOUNT, "user/none").toString(), "NoSuchEntity")
                .and("JobId", "01234567-89ab-cdef-0123-456789abcdef", "NoSuchEntity")
                .and("GroupName", "none", "NoSuchEntity")
                .and("RoleName", "none", "NoSuchEntity")
                .and("InstanceProfileName", "none", "NoSuchEntity")
                .and("PolicyArn", Arn.iam(TestServer.ACCOUNT, "policy/none").toString(), "NoSuchEntity")
                .and("GetUserPolicy.PolicyName", "none", "NoSuchEntity")
                .and("GetRolePolicy.PolicyName", "none", "NoSuchEntity")
                .and("GetGroupPolicy.PolicyName", "none", "NoSuchEntity")
                .and("DeleteUserPolicy.PolicyName", "none", "NoSuchEntity")
                .and("DeleteRolePolicy.PolicyName", "none", "NoSuchEntity")
                .and("DeleteGroupPolicy.PolicyName", "none", "NoSuchEntity")
                .and("VersionId", "v9", "NoSuchEntity")
                .and("DeleteAccessKey.AccessKeyId", "AKIAEXAMPLEEXAMPLE12", "NoSuchEntity")
                .and("UpdateAccessKey.AccessKeyId", "AKIAEXAMPLEEXAMPLE12", "NoSuchEntity")
                .and("ServiceSpecificCredentialId", "ACCAEXAMPLEEXAMPLE12", "NoSuchEntity")
                .and("DeleteAccountAlias.AccountAlias", "none", "NoSuchEntity")
                .and(
                        "SAMLProviderArn",
                        Arn.iam(TestServer.ACCOUNT, "saml-provider/none").toString(),
                        "NoSuchEntity")
                .and(
                        "OpenIDConnectProviderArn",
                        Arn.iam(TestServer.ACCOUNT, "oidc-provider/none.example")
                                .toString(),
                        "NoSuchEntity")
                .and(
                        "PermissionsBoundary",
                        Arn.iam(TestServer.ACCOUNT, "policy/none").toString(),
                        "NoSuchEntity")
                .and("PolicySourceArn", Arn.iam(TestServer.ACCOUNT, "user/none").toString(), "NoSuchEntity");
    }

    private String job = "";
    private static final String PASSWORD = "Correct-horse-1";
    private static final KeyPair KEY = TestAuthority.pair("RSA", 2048);
    private static final String PRIVATE_KEY = TestAuthority.pem(KEY.getPrivate());
    private static final String CERTIFICATE = TestAuthority.root("root").issue("example.com", KEY);
    private static final String OTHER_SSH_KEY = TestAuthority.pem(KEY.getPublic());
    private static final String TRUST = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},
             "Action":"sts:AssumeRole"}]}""";
    private static final String POLICY = """
            {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}""";

    @Override
    protected boolean regional() {
        return false;
    }

    @Override
    protected List<Tagging> tagging() {
        return List.of(
                new Tagging("TagUser", "UntagUser", "ListUserTags").many("LimitExceeded"),
                new Tagging("TagRole", "UntagRole", "ListRoleTags").many("LimitExceeded"),
                new Tagging("TagPolicy", "UntagPolicy", "ListPolicyTags").many("LimitExceeded"),
                new Tagging("TagMFADevice", "UntagMFADevice", "ListMFADeviceTags").many("LimitExceeded"),
                new Tagging("TagServerCertificate", "UntagServerCertificate", "ListServerCertificateTags")
                        .many("LimitExceeded"),
                new Tagging("TagOpenIDConnectProvider", "UntagOpenIDConnectProvider", "ListOpenIDConnectProviderTags")
                        .many("LimitExceeded"),
                new Tagging("TagSAMLProvider", "UntagSAMLProvider", "ListSAMLProviderTags").many("LimitExceeded"),
                new Tagging("TagInstanceProfile", "UntagInstanceProfile", "ListInstanceProfileTags")
                        .many("LimitExceeded"));
    }

    @Override
    protected Set<String> codes() {
        return Set.of("InvalidInput");
    }

    @Override
    protected void exceptions(Exceptions except) {
        String own = "it is about the caller's own user, which no name chooses";
        except.to("durability", "GenerateServiceLastAccessedDetails", "each job is a new one")
                .to("explicit-deny", "ChangePassword", own)
                .to("allowed", "ChangePassword", own)
                .to(
                        "not-found",
                        "DeleteOpenIDConnectProvider.OpenIDConnectProviderArn",
                        "a provider that is not there is deleted already")
                .to("resource", "CreateServiceLinkedRole", "its name is AWS's; policies write it with a wildcard")
                .to("not-found", "UploadServerCertificate.ServerCertificateName", "it names what is made")
                .to("resource", "GetServiceLinkedRoleDeletionStatus", "the example has no task of deletion");
    }
}
