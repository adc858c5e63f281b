package dev.terrane.gateway.sigv4;

/** The families of services that word the same refusal differently. */
public enum Dialect {
    /** S3: XML errors, paths signed as they are, unsigned and chunked payloads. */
    S3,
    /** IAM, STS, CloudFormation and the other services of the query protocol. */
    QUERY,
    /** EC2's query protocol. */
    EC2,
    /** Services of the JSON and CBOR protocols. */
    JSON,
    /** Services of the REST JSON and REST XML protocols other than S3. */
    REST
}
