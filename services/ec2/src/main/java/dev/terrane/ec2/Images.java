package dev.terrane.ec2;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.compute.Compute;
import dev.terrane.kernel.page.PageTokens;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.services.ec2.model.*;

/**
 * Machine images: the host's own file system under the id by which templates name Amazon Linux, and each root file system that was
 * imported into the compute driver.
 */
final class Images {
    /** The default image, the same in every region and installation. */
    static final String DEFAULT = "ami-0c101f26f147fa7fd";

    /** The account of Amazon's own images. */
    private static final String AMAZON = "137112412989";

    private static final String CREATED = "2026-01-01T00:00:00.000Z";

    private final Compute compute;
    private final PageTokens pages;
    private final Filters<Image> filters = new Filters<Image>()
            .by("image-id", Image::imageId)
            .by("name", Image::name)
            .by("description", Image::description)
            .by("architecture", Image::architectureAsString)
            .by("state", Image::stateAsString)
            .by("owner-id", Image::ownerId)
            .by("owner-alias", Image::imageOwnerAlias)
            .by("image-type", Image::imageTypeAsString)
            .by("is-public", Image::publicLaunchPermissions)
            .by("root-device-name", Image::rootDeviceName)
            .by("root-device-type", Image::rootDeviceTypeAsString)
            .by("virtualization-type", Image::virtualizationTypeAsString)
            .by("hypervisor", Image::hypervisorAsString)
            .by("ena-support", Image::enaSupport)
            .by("platform-details", Image::platformDetails)
            .by("creation-date", Image::creationDate)
            .tagged(image -> Map.of());

    Images(Compute compute, PageTokens pages) {
        this.compute = compute;
        this.pages = pages;
    }

    static ArchitectureValues architecture() {
        return System.getProperty("os.arch", "").equals("aarch64")
                ? ArchitectureValues.ARM64
                : ArchitectureValues.X86_64;
    }

    /** The driver's name of an image. */
    String workloadImage(String imageId) {
        return find(imageId).orElseThrow(() -> missing(imageId));
    }

    static RuntimeException missing(String imageId) {
        return imageId.matches("ami-[0-9a-f]{8}([0-9a-f]{9})?")
                ? Refusals.of("InvalidAMIID.NotFound", "The image id '[" + imageId + "]' does not exist")
                : Refusals.of("InvalidAMIID.Malformed", "Invalid id: \"" + imageId + "\" (expecting \"ami-...\")");
    }

    private Optional<String> find(String imageId) {
        return names().stream().filter(name -> id(name).equals(imageId)).findFirst();
    }

    /** The host's image is there also where no driver is: only running it is refused then. */
    private List<String> names() {
        List<String> names = new ArrayList<>(List.of(dev.terrane.kernel.compute.Images.HOST));
        if (compute.network().isPresent()) {
            compute.images().list().stream()
                    .filter(name -> !names.contains(name))
                    .forEach(names::add);
        }
        return names;
    }

    private static String id(String name) {
        if (name.equals(dev.terrane.kernel.compute.Images.HOST)) {
            return DEFAULT;
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return "ami-0" + HexFormat.of().formatHex(hash).substring(0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Image describe(String name) {
        boolean host = name.equals(dev.terrane.kernel.compute.Images.HOST);
        String shown = host ? "al2023-ami-2023.9.20260101.0-kernel-6.1-" + architecture() : name;
        String owner = host ? AMAZON : Call.current().account();
        return Image.builder()
                .imageId(id(name))
                .name(shown)
                .imageLocation((host ? "amazon" : owner) + "/" + shown)
                .description(
                        host
                                ? "The file system of the machine that this server runs on"
                                : "Imported root file system " + name)
                .ownerId(owner)
                .imageOwnerAlias(host ? "amazon" : null)
                .architecture(architecture())
                .creationDate(CREATED)
                .enaSupport(true)
                .hypervisor(HypervisorType.XEN)
                .imageType(ImageTypeValues.MACHINE)
                .imdsSupport(ImdsSupportValues.V2_0)
                .platformDetails("Linux/UNIX")
                .publicLaunchPermissions(true)
                .rootDeviceName("/dev/xvda")
                .rootDeviceType(DeviceType.EBS)
                .state(ImageState.AVAILABLE)
                .usageOperation("RunInstances")
                .virtualizationType(VirtualizationType.HVM)
                .blockDeviceMappings(BlockDeviceMapping.builder()
                        .deviceName("/dev/xvda")
                        .ebs(e -> e.deleteOnTermination(true).volumeType(VolumeType.GP3))
                        .build())
                .build();
    }

    DescribeImagesResponse list(DescribeImagesRequest request) {
        Supported.wet(request.dryRun());
        List<Image> all = names().stream().map(Images::describe).toList();
        for (String id : request.imageIds()) {
            if (all.stream().noneMatch(image -> image.imageId().equals(id))) {
                throw missing(id);
            }
        }
        Predicate<Image> wanted = filters.of(request.filters());
        Paged<Image> page = Paged.of(
                pages,
                PageLimits.OTHERS,
                "DescribeImages" + request.filters() + request.owners(),
                all.stream()
                        .filter(image -> request.imageIds().isEmpty()
                                || request.imageIds().contains(image.imageId()))
                        .filter(image -> request.owners().isEmpty()
                                || request.owners().stream().anyMatch(owner -> owns(owner, image)))
                        .filter(wanted)
                        .toList(),
                Image::imageId,
                request.maxResults(),
                request.nextToken());
        return DescribeImagesResponse.builder()
                .images(page.items())
                .nextToken(page.next())
                .build();
    }

    private static boolean owns(String owner, Image image) {
        return owner.equals(image.ownerId())
                || owner.equals(image.imageOwnerAlias())
                || (owner.equals("self") && Call.current().account().equals(image.ownerId()));
    }
}
