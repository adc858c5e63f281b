package dev.terrane.gateway.protocol;

import dev.terrane.kernel.contract.ServiceContract;

/** The protocols, one instance each. Thread-safe. */
final class Protocols {

    final Protocol json10;
    final Protocol json11;
    final Protocol cbor;
    final Protocol query;
    final Protocol ec2;
    final Protocol restJson;
    final Protocol restXml;

    Protocols(WireLimits limits) {
        json10 = JsonProtocol.json("1.0", limits);
        json11 = JsonProtocol.json("1.1", limits);
        cbor = JsonProtocol.cbor(limits);
        query = QueryProtocol.query(limits);
        ec2 = QueryProtocol.ec2(limits);
        restJson = new RestJsonProtocol(limits);
        restXml = new RestXmlProtocol(limits);
    }

    /** The protocol in which a service answers when nothing tells what the client speaks. */
    Protocol preferred(ServiceContract service) {
        return service.protocols().isEmpty()
                ? json11
                : named(service.protocols().getFirst(), service);
    }

    private Protocol named(String name, ServiceContract service) {
        return switch (name) {
            case "json" -> service.jsonVersion().equals("1.0") ? json10 : json11;
            case "query" -> query;
            case "ec2" -> ec2;
            case "rest-json" -> restJson;
            case "rest-xml" -> restXml;
            case "smithy-rpc-v2-cbor" -> cbor;
            default -> throw new IllegalArgumentException("No protocol " + name + " for " + service);
        };
    }
}
