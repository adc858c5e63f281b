package dev.terrane.ec2;

import dev.terrane.kernel.page.PageTokens;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.ec2.model.*;

/** The instance types that exist here, with the memory and processors that an instance is held to ("Amazon EC2 instance types"). */
final class InstanceTypes {
    /** What a type gives. */
    record Size(int memoryMebibytes, int processors) {}

    private static final Map<String, Size> SIZES = sizes();

    private final PageTokens pages;
    private final Filters<InstanceTypeInfo> filters = new Filters<InstanceTypeInfo>()
            .by("instance-type", InstanceTypeInfo::instanceTypeAsString)
            .by("current-generation", InstanceTypeInfo::currentGeneration)
            .by("bare-metal", InstanceTypeInfo::bareMetal)
            .by("hypervisor", InstanceTypeInfo::hypervisorAsString)
            .by("burstable-performance-supported", InstanceTypeInfo::burstablePerformanceSupported)
            .by("memory-info.size-in-mib", type -> type.memoryInfo().sizeInMiB())
            .by("vcpu-info.default-vcpus", type -> type.vCpuInfo().defaultVCpus())
            .any(
                    "processor-info.supported-architecture",
                    type -> type.processorInfo().supportedArchitecturesAsStrings())
            .any("supported-virtualization-type", InstanceTypeInfo::supportedVirtualizationTypesAsStrings)
            .any("supported-root-device-type", InstanceTypeInfo::supportedRootDeviceTypesAsStrings)
            .any("supported-usage-class", InstanceTypeInfo::supportedUsageClassesAsStrings);

    InstanceTypes(PageTokens pages) {
        this.pages = pages;
    }

    private static Map<String, Size> sizes() {
        Map<String, Size> sizes = new LinkedHashMap<>();
        sizes.put("t2.nano", new Size(512, 1));
        sizes.put("t2.micro", new Size(1024, 1));
        sizes.put("t2.small", new Size(2048, 1));
        sizes.put("t2.medium", new Size(4096, 2));
        sizes.put("t2.large", new Size(8192, 2));
        sizes.put("t2.xlarge", new Size(16384, 4));
        sizes.put("t2.2xlarge", new Size(32768, 8));
        for (String family : List.of("t3", "t3a")) {
            sizes.put(family + ".nano", new Size(512, 2));
            sizes.put(family + ".micro", new Size(1024, 2));
            sizes.put(family + ".small", new Size(2048, 2));
            sizes.put(family + ".medium", new Size(4096, 2));
            sizes.put(family + ".large", new Size(8192, 2));
            sizes.put(family + ".xlarge", new Size(16384, 4));
            sizes.put(family + ".2xlarge", new Size(32768, 8));
        }
        for (String family : List.of("m5", "m6i")) {
            sizes.put(family + ".large", new Size(8192, 2));
            sizes.put(family + ".xlarge", new Size(16384, 4));
            sizes.put(family + ".2xlarge", new Size(32768, 8));
            sizes.put(family + ".4xlarge", new Size(65536, 16));
        }
        sizes.put("c5.large", new Size(4096, 2));
        sizes.put("c5.xlarge", new Size(8192, 4));
        return sizes;
    }

    /** The size of a type that exists here. */
    static Size size(String type) {
        return Optional.ofNullable(SIZES.get(type))
                .orElseThrow(() -> Refusals.value("Invalid value '" + type + "' for InstanceType. Those here are "
                        + String.join(", ", SIZES.keySet())));
    }

    DescribeInstanceTypesResponse describe(DescribeInstanceTypesRequest request) {
        Supported.wet(request.dryRun());
        for (String type : request.instanceTypesAsStrings()) {
            if (!SIZES.containsKey(type)) {
                throw Refusals.of(
                        "InvalidInstanceType", "The following supplied instance types do not exist: [" + type + "]");
            }
        }
        Paged<InstanceTypeInfo> page = Paged.of(
                pages,
                PageLimits.INSTANCE_TYPES,
                "DescribeInstanceTypes" + request.filters(),
                SIZES.keySet().stream()
                        .filter(type -> request.instanceTypes().isEmpty()
                                || request.instanceTypesAsStrings().contains(type))
                        .map(InstanceTypes::info)
                        .filter(filters.of(request.filters()))
                        .toList(),
                InstanceTypeInfo::instanceTypeAsString,
                request.maxResults(),
                request.nextToken());
        return DescribeInstanceTypesResponse.builder()
                .instanceTypes(page.items())
                .nextToken(page.next())
                .build();
    }

    DescribeInstanceTypeOfferingsResponse offerings(DescribeInstanceTypeOfferingsRequest request, List<String> zones) {
        Supported.wet(request.dryRun());
        boolean byZone = request.locationType() == LocationType.AVAILABILITY_ZONE;
        if (request.locationType() == LocationType.AVAILABILITY_ZONE_ID
                || request.locationType() == LocationType.OUTPOST) {
            throw Refusals.unsupported("Offerings are listed by region and by availability-zone.");
        }
        List<String> places = byZone
                ? zones
                : List.of(zones.getFirst().substring(0, zones.getFirst().length() - 1));
        Filters<InstanceTypeOffering> offered = new Filters<InstanceTypeOffering>()
                .by("instance-type", InstanceTypeOffering::instanceTypeAsString)
                .by("location", InstanceTypeOffering::location);
        Paged<InstanceTypeOffering> page = Paged.of(
                pages,
                PageLimits.INSTANCE_TYPE_OFFERINGS,
                "DescribeInstanceTypeOfferings" + request.locationTypeAsString() + request.filters(),
                SIZES.keySet().stream()
                        .flatMap(type -> places.stream()
                                .map(place -> InstanceTypeOffering.builder()
                                        .instanceType(type)
                                        .location(place)
                                        .locationType(byZone ? LocationType.AVAILABILITY_ZONE : LocationType.REGION)
                                        .build()))
                        .filter(offered.of(request.filters()))
                        .toList(),
                offering -> offering.instanceTypeAsString() + '\0' + offering.location(),
                request.maxResults(),
                request.nextToken());
        return DescribeInstanceTypeOfferingsResponse.builder()
                .instanceTypeOfferings(page.items())
                .nextToken(page.next())
                .build();
    }

    private static InstanceTypeInfo info(String type) {
        Size size = size(type);
        boolean burstable = type.startsWith("t");
        return InstanceTypeInfo.builder()
                .instanceType(type)
                .currentGeneration(true)
                .freeTierEligible(type.equals("t2.micro") || type.equals("t3.micro"))
                .supportedUsageClasses(UsageClassType.ON_DEMAND)
                .supportedRootDeviceTypes(RootDeviceType.EBS)
                .supportedVirtualizationTypes(VirtualizationType.HVM)
                .bareMetal(false)
                .hypervisor(type.startsWith("t2") ? InstanceTypeHypervisor.XEN : InstanceTypeHypervisor.NITRO)
                .processorInfo(p -> p.supportedArchitecturesWithStrings(
                        Images.architecture().toString()))
                .vCpuInfo(v -> v.defaultVCpus(size.processors()).defaultCores(Math.max(1, size.processors() / 2)))
                .memoryInfo(m -> m.sizeInMiB((long) size.memoryMebibytes()))
                .instanceStorageSupported(false)
                .hibernationSupported(false)
                .burstablePerformanceSupported(burstable)
                .dedicatedHostsSupported(false)
                .autoRecoverySupported(false)
                .networkInfo(n -> n.maximumNetworkInterfaces(1)
                        .ipv4AddressesPerInterface(1)
                        .ipv6AddressesPerInterface(0)
                        .ipv6Supported(false))
                .build();
    }
}
