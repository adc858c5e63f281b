package dev.terrane.ec2;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceSchema;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CreateKeyPairRequest;
import software.amazon.awssdk.services.ec2.model.CreateKeyPairResponse;
import software.amazon.awssdk.services.ec2.model.KeyPairInfo;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterNotFoundException;
import software.amazon.awssdk.services.ssm.model.ParameterType;

/**
 * {@code AWS::EC2::KeyPair}. The private key of a pair that is made here, not imported, is kept in the parameter {@code /ec2/keypair/key-…}, as in AWS, and deleted
 * with the pair.
 */
final class KeyPairResource implements ResourceType {
    private static final String PUBLIC = "PublicKeyMaterial";

    @Override
    public String name() {
        return "AWS::EC2::KeyPair";
    }

    @Override
    public Set<String> supported() {
        return Set.of("KeyFormat", "KeyName", "KeyType", PUBLIC, "Tags");
    }

    @Override
    public String create(ResourceWork work) {
        Ec2Client ec2 = work.client(Ec2Client.class);
        Properties desired = work.desired();
        String name = desired.required("KeyName");
        if (desired.has(PUBLIC)) {
            ec2.importKeyPair(r -> r.keyName(name)
                    .publicKeyMaterial(SdkBytes.fromUtf8String(desired.required(PUBLIC)))
                    .tagSpecifications(Ec2Resources.specifications(work, "key-pair")));
            work.made(name);
            return name;
        }
        CreateKeyPairResponse made = ec2.createKeyPair(desired.as(CreateKeyPairRequest.builder()).toBuilder()
                .tagSpecifications(Ec2Resources.specifications(work, "key-pair"))
                .build());
        work.made(name);
        work.client(SsmClient.class)
                .putParameter(r -> r.name(parameter(made.keyPairId()))
                        .type(ParameterType.SECURE_STRING)
                        .value(made.keyMaterial()));
        return name;
    }

    private static String parameter(String keyPairId) {
        return "/ec2/keypair/" + keyPairId;
    }

    @Override
    public void update(ResourceWork work, String id) {
        // Nothing of it can be changed in place.
    }

    @Override
    public void delete(ResourceWork work, String id) {
        find(work, id).ifPresent(pair -> {
            work.client(Ec2Client.class).deleteKeyPair(r -> r.keyName(id));
            if (!work.desired().has(PUBLIC)) {
                work.unlessGone(
                        ParameterNotFoundException.class,
                        () -> work.client(SsmClient.class).deleteParameter(r -> r.name(parameter(pair.keyPairId()))));
            }
        });
    }

    private static Optional<KeyPairInfo> find(ResourceWork work, String id) {
        return Ec2Resources.found(
                () -> work
                        .client(Ec2Client.class)
                        .describeKeyPairs(r -> r.keyNames(id).includePublicKey(true))
                        .keyPairs()
                        .stream()
                        .findFirst());
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        Properties desired = work.desired();
        return find(work, id)
                .map(pair -> Properties.builder()
                        .put("KeyFormat", desired.text("KeyFormat"))
                        .put(
                                PUBLIC,
                                desired.text(PUBLIC)
                                        .map(given ->
                                                key(given).equals(key(pair.publicKey())) ? given : pair.publicKey()))
                        .tags("Tags", Ec2Resources.tags(pair.tags()))
                        .model(ResourceSchema.of(name()).orElseThrow(), pair)
                        .inOrderOf(desired, "Tags")
                        .build());
    }

    /** A public key without the comment at its end. */
    private static List<String> key(String publicKey) {
        return List.of(publicKey.strip().split("\\s+")).stream().limit(2).toList();
    }

    @Override
    public List<String> list(ResourceWork work) {
        return work.client(Ec2Client.class).describeKeyPairs(r -> {}).keyPairs().stream()
                .map(KeyPairInfo::keyName)
                .toList();
    }
}
