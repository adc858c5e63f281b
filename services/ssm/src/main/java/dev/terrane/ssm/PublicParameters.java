package dev.terrane.ssm;

import dev.terrane.kernel.call.Actor;
import dev.terrane.kernel.call.Clients;
import dev.terrane.kernel.call.Scope;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Image;

/**
 * The parameters by which templates name Amazon Linux's newest images, in every account alike. Here each of them is the platform's own
 * image, whichever edition or architecture its name says.
 *
 * @see <a href="https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-ami.html">Public parameters</a>
 */
final class PublicParameters {
    private static final String PUBLIC = "/aws/service/";
    private static final String LINUX = "/aws/service/ami-amazon-linux-latest/";
    private static final List<String> NAMES = Stream.concat(
                    Stream.of(
                                    "al2023-ami-kernel-default",
                                    "al2023-ami-kernel-6.1",
                                    "al2023-ami-kernel-6.12",
                                    "al2023-ami-minimal-kernel-default",
                                    "al2023-ami-minimal-kernel-6.1",
                                    "al2023-ami-minimal-kernel-6.12")
                            .flatMap(name -> Stream.of(name + "-arm64", name + "-x86_64")),
                    Stream.of(
                            "amzn2-ami-hvm-arm64-gp2",
                            "amzn2-ami-hvm-x86_64-ebs",
                            "amzn2-ami-hvm-x86_64-gp2",
                            "amzn2-ami-kernel-5.10-hvm-arm64-gp2",
                            "amzn2-ami-kernel-5.10-hvm-x86_64-ebs",
                            "amzn2-ami-kernel-5.10-hvm-x86_64-gp2",
                            "amzn2-ami-minimal-hvm-arm64-ebs",
                            "amzn2-ami-minimal-hvm-x86_64-ebs"))
            .map(LINUX::concat)
            .sorted()
            .toList();

    private final Clients clients;

    PublicParameters(Clients clients) {
        this.clients = clients;
    }

    static boolean isPublic(String name) {
        return name.startsWith(PUBLIC);
    }

    Optional<VersionRecord> find(Scope scope, String name) {
        return NAMES.contains(name) ? image(scope).map(image -> parameter(name, image)) : Optional.empty();
    }

    List<VersionRecord> all(Scope scope) {
        return image(scope)
                .map(image -> NAMES.stream().map(name -> parameter(name, image)).toList())
                .orElse(List.of());
    }

    /** The image that Amazon owns; none where the server has no EC2. */
    private Optional<Image> image(Scope scope) {
        try {
            return clients
                    .client(Ec2Client.class, new Actor.Platform(scope))
                    .describeImages(request -> request.owners("amazon"))
                    .images()
                    .stream()
                    .findFirst();
        } catch (AwsServiceException e) {
            if (e.statusCode() == 501) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static VersionRecord parameter(String name, Image image) {
        return new VersionRecord(
                name,
                1,
                "String",
                image.imageId(),
                "",
                "",
                "",
                VersionRecord.STANDARD,
                "text",
                created(image.creationDate()),
                "");
    }

    private static Instant created(@Nullable String date) {
        return date == null ? Instant.EPOCH : Instant.parse(date);
    }
}
