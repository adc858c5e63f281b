package dev.terrane.gateway.protocol;

import dev.terrane.kernel.contract.BoundService;
import dev.terrane.kernel.contract.Operation;
import dev.terrane.kernel.contract.ServiceContract;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the service, operation and protocol that a request means. The protocol is taken from the request, not from
 * the service: the same service is called in CBOR, JSON and query by clients of different ages. Thread-safe.
 */
public final class OperationRouter {

    private static final String CBOR_PATH = "/service/";
    private static final String CBOR_OPERATION = "/operation/";
    private static final String S3_CONTROL = "s3control";

    /** Stands for the service of a request that names none. */
    private static final ServiceContract NO_SERVICE = new ServiceContract(
            "unknown", "", "", "", List.of(), "", "", "", "", false, "", Map.of(), Map.of(), Map.of(), Map.of());

    private final WireLimits limits;
    private final Protocols protocols;
    private final BucketHosts hosts;
    private final Map<String, ServiceContract> byTarget = new HashMap<>();
    private final List<ServiceContract> queryServices;
    private final Map<String, List<ServiceContract>> queryBySigningName;
    private final Map<String, List<ServiceContract>> restBySigningName;
    private final Map<String, RestTable> restTables = new ConcurrentHashMap<>();

    /**
     * A router over services.
     *
     * @param services their SDK package names
     * @param baseHosts host names, without port, below which S3's buckets are addressed as {@code bucket.HOST}
     */
    public OperationRouter(Collection<String> services, Collection<String> baseHosts, WireLimits limits) {
        this.limits = limits;
        this.protocols = new Protocols(limits);
        this.hosts = new BucketHosts(baseHosts);
        List<ServiceContract> all =
                services.stream().sorted().map(ServiceContract::of).toList();
        queryServices = all.stream().filter(OperationRouter::query).toList();
        queryBySigningName = queryServices.stream().collect(Collectors.groupingBy(ServiceContract::signingName));
        restBySigningName =
                all.stream().filter(OperationRouter::rest).collect(Collectors.groupingBy(ServiceContract::signingName));
        all.stream().filter(service -> !service.targetPrefix().isEmpty()).forEach(service -> {
            String prefix = service.targetPrefix();
            byTarget.put(prefix, service);
            // CloudTrail's has a namespace, which the SDKs for Go and JavaScript leave out.
            byTarget.put(prefix.substring(prefix.lastIndexOf('.') + 1), service);
        });
    }

    /**
     * Finds what a request means. The body of the answer's request is in memory, unless the operation's input streams.
     *
     * @param signingName the service in the credential scope; empty if the request is not signed
     * @throws WireRequest.BodyTooLargeException if the body exceeds the operation's limit
     */
    public Routing route(WireRequest request, Optional<String> signingName) {
        if (request.headers().size() > limits.headers()) {
            return unknown(NO_SERVICE, protocols.json11, "RequestHeaderSectionTooLarge", 400, "Too many headers");
        }
        try {
            if ("rpc-v2-cbor".equalsIgnoreCase(request.headers().find("smithy-protocol"))) {
                return cbor(request);
            }
            String target = request.headers().find("X-Amz-Target");
            if (target != null) {
                return target(request, target);
            }
            boolean rest = signingName.map(restBySigningName::containsKey).orElse(false);
            if (!rest && (isForm(request) || Form.first(request.query(), "Action") != null)) {
                return query(request, signingName);
            }
            return rest(request, signingName);
        } catch (MalformedInputException e) {
            return unknown(NO_SERVICE, protocols.json11, "MalformedInput", 400, Bodies.message(e));
        }
    }

    private static boolean query(ServiceContract service) {
        return service.protocols().contains("query") || service.protocols().contains("ec2");
    }

    private static boolean rest(ServiceContract service) {
        return service.protocols().contains("rest-xml") || service.protocols().contains("rest-json");
    }

    private Routing cbor(WireRequest request) {
        String path = request.path();
        int split = path.indexOf(CBOR_OPERATION);
        int start = path.indexOf(CBOR_PATH);
        if (start < 0 || split < 0 || start + CBOR_PATH.length() > split) {
            return unknown(NO_SERVICE, protocols.cbor, "UnknownOperationException", 404, "No operation is named");
        }
        ServiceContract service = byTarget.get(path.substring(start + CBOR_PATH.length(), split));
        return named(service, path.substring(split + CBOR_OPERATION.length()), protocols.cbor, request);
    }

    private Routing target(WireRequest request, String target) {
        int dot = target.lastIndexOf('.');
        ServiceContract service = byTarget.get(dot < 0 ? "" : target.substring(0, dot));
        String type =
                Optional.ofNullable(request.headers().find("Content-Type")).orElse("");
        boolean old = type.startsWith("application/x-amz-json-1.0")
                || (service != null
                        && !type.startsWith("application/x-amz-json-1.1")
                        && service.jsonVersion().equals("1.0"));
        return named(service, target.substring(dot + 1), old ? protocols.json10 : protocols.json11, request);
    }

    private Routing named(@Nullable ServiceContract service, String operation, Protocol protocol, WireRequest request) {
        if (service == null) {
            return unknown(NO_SERVICE, protocol, "UnknownOperationException", 404, "No service here has " + operation);
        }
        return service.operation(operation)
                .map(found -> found(service, found, protocol, request))
                .orElseGet(() -> unknown(
                        service,
                        protocol,
                        "UnknownOperationException",
                        404,
                        service.serviceId() + " has no operation " + operation));
    }

    private static boolean isForm(WireRequest request) {
        String type = request.headers().find("Content-Type");
        return type != null
                && request.method().equals("POST")
                && type.regionMatches(true, 0, "application/x-www-form-urlencoded", 0, 33);
    }

    private Routing query(WireRequest request, Optional<String> signingName) {
        WireRequest buffered = request.buffered(limits.body());
        String form = QueryProtocol.form(buffered, limits);
        String action = Form.first(form, "Action");
        String version = Form.first(form, "Version");
        ServiceContract service = queryService(signingName, action, version);
        Protocol protocol = service.protocols().contains("ec2") ? protocols.ec2 : protocols.query;
        if (action == null) {
            return unknown(service, protocol, "MissingAction", 400, "The request has no parameter Action");
        }
        Optional<Operation> operation = service.operation(action);
        if (operation.isEmpty()) {
            String message = "Could not find operation " + action + " of " + name(service)
                    + (version == null ? "" : " for version " + version);
            return unknown(service, protocol, "InvalidAction", 400, message);
        }
        return found(service, operation.get(), protocol, withQueueUrl(service, buffered, form));
    }

    private static String name(ServiceContract service) {
        return service.equals(NO_SERVICE) ? "any service" : service.serviceId();
    }

    private ServiceContract queryService(
            Optional<String> signingName, @Nullable String action, @Nullable String version) {
        List<ServiceContract> candidates = signingName
                .map(name -> queryBySigningName.getOrDefault(name, List.of()))
                .orElse(queryServices);
        if (candidates.size() == 1) {
            return candidates.getFirst();
        }
        return candidates.stream()
                .filter(service -> service.apiVersion().equals(version))
                .findFirst()
                .or(() -> candidates.stream()
                        .filter(service -> service.operations().containsKey(action == null ? "" : action))
                        .findFirst())
                .orElse(NO_SERVICE);
    }

    // Clients of SQS's query protocol may call the queue's own URL and leave the parameter out.
    private static WireRequest withQueueUrl(ServiceContract service, WireRequest request, String form) {
        if (!service.name().equals("sqs") || request.path().length() < 2 || Form.first(form, "QueueUrl") != null) {
            return request;
        }
        String host = Optional.ofNullable(request.headers().find("Host")).orElse("localhost");
        String url = "http://" + host + request.path();
        String query = "QueueUrl=" + URLEncoder.encode(url, StandardCharsets.UTF_8);
        return new WireRequest(
                request.method(),
                request.path(),
                request.query().isEmpty() ? query : request.query() + "&" + query,
                request.headers(),
                request.body());
    }

    /** The bucket that a request names by its host or the first part of its path, if it is one to S3; empty where it names none. */
    public String bucket(WireRequest request) {
        String path = hosts.pathStyle(request).path();
        int end = path.indexOf('/', 1);
        return path.isEmpty() ? "" : path.substring(1, end < 0 ? path.length() : end);
    }

    /** The bucket whose website a request is meant for, by its host. */
    public Optional<String> website(WireRequest request) {
        return hosts.website(request);
    }

    private Routing rest(WireRequest request, Optional<String> signingName) {
        String signed = signingName.orElse("s3");
        boolean control = signed.equals("s3") && isS3Control(request);
        ServiceContract service = restBySigningName.getOrDefault(signed, List.of()).stream()
                .filter(candidate -> control == candidate.name().equals(S3_CONTROL))
                .findFirst()
                .orElse(NO_SERVICE);
        if (service.equals(NO_SERVICE)) {
            return unknown(
                    service, protocols.json11, "UnknownOperationException", 404, "The request names no operation");
        }
        Protocol protocol = protocols.preferred(service);
        WireRequest addressed = service.name().equals("s3") ? hosts.pathStyle(request) : request;
        Map<String, String> query = new HashMap<>();
        try {
            Form.parse(request.query(), limits, query::putIfAbsent);
            Optional<Operation> operation = restTables
                    .computeIfAbsent(service.name(), name -> new RestTable(service))
                    .find(addressed, query);
            return operation
                    .map(found -> found(service, found, protocol, addressed))
                    .orElseGet(() -> unknown(
                            service,
                            protocol,
                            "MethodNotAllowed",
                            405,
                            "The specified method is not allowed against this resource."));
        } catch (MalformedInputException e) {
            return unknown(service, protocol, "InvalidURI", 400, "Couldn't parse the specified URI.");
        }
    }

    // S3 Control is signed as S3. What tells them apart is what all of S3 Control has and S3 never: the account in a
    // header, below a
    // path that would be a bucket. (Clients put the account before the host name, too, where S3's put the bucket.)
    private static boolean isS3Control(WireRequest request) {
        return request.path().startsWith("/v20180820/") && request.headers().find("x-amz-account-id") != null;
    }

    private Routing found(ServiceContract service, Operation operation, Protocol protocol, WireRequest request) {
        WireRequest ready = operation.body().streamingInput()
                ? request
                : request.buffered(limits.body(service.name(), operation.name()));
        return new Routing.Found(
                BoundService.of(service.name()).operation(operation.name()).orElseThrow(), protocol, ready);
    }

    private static Routing unknown(
            ServiceContract service, Protocol protocol, String code, int status, String message) {
        return new Routing.Unknown(service, protocol, WireErrors.error(code, status, message));
    }
}
