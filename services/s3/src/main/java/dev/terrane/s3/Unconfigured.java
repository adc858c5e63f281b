package dev.terrane.s3;

import java.util.List;
import software.amazon.awssdk.services.s3.model.BucketAbacStatus;
import software.amazon.awssdk.services.s3.model.DeleteBucketReplicationRequest;
import software.amazon.awssdk.services.s3.model.DeleteBucketReplicationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketAbacRequest;
import software.amazon.awssdk.services.s3.model.GetBucketAbacResponse;
import software.amazon.awssdk.services.s3.model.GetBucketAccelerateConfigurationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketAccelerateConfigurationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketLoggingRequest;
import software.amazon.awssdk.services.s3.model.GetBucketLoggingResponse;
import software.amazon.awssdk.services.s3.model.GetBucketReplicationRequest;
import software.amazon.awssdk.services.s3.model.GetBucketReplicationResponse;
import software.amazon.awssdk.services.s3.model.GetBucketRequestPaymentRequest;
import software.amazon.awssdk.services.s3.model.GetBucketRequestPaymentResponse;
import software.amazon.awssdk.services.s3.model.ListBucketAnalyticsConfigurationsRequest;
import software.amazon.awssdk.services.s3.model.ListBucketAnalyticsConfigurationsResponse;
import software.amazon.awssdk.services.s3.model.ListBucketInventoryConfigurationsRequest;
import software.amazon.awssdk.services.s3.model.ListBucketInventoryConfigurationsResponse;
import software.amazon.awssdk.services.s3.model.ListBucketMetricsConfigurationsRequest;
import software.amazon.awssdk.services.s3.model.ListBucketMetricsConfigurationsResponse;
import software.amazon.awssdk.services.s3.model.Payer;

/**
 * What a bucket answers of features that nobody can have configured here: AWS's answer where nothing was configured. The matching
 * operations that would configure them are not implemented.
 */
final class Unconfigured {
    private final BucketLookup lookup;

    Unconfigured(BucketLookup lookup) {
        this.lookup = lookup;
    }

    GetBucketReplicationResponse replication(GetBucketReplicationRequest request) {
        lookup.require(request.bucket(), request.expectedBucketOwner());
        throw S3Errors.of("ReplicationConfigurationNotFoundError", 404, "The replication configuration was not found");
    }

    DeleteBucketReplicationResponse removeReplication(DeleteBucketReplicationRequest request) {
        lookup.require(request.bucket(), request.expectedBucketOwner());
        return DeleteBucketReplicationResponse.builder().build();
    }

    GetBucketLoggingResponse logging(GetBucketLoggingRequest request) {
        lookup.require(request.bucket(), request.expectedBucketOwner());
        return GetBucketLoggingResponse.builder().build();
    }

    GetBucketAccelerateConfigurationResponse acceleration(GetBucketAccelerateConfigurationRequest request) {
        lookup.require(request.bucket(), request.expectedBucketOwner());
        return GetBucketAccelerateConfigurationResponse.builder().build();
    }

    GetBucketRequestPaymentResponse requestPayment(GetBucketRequestPaymentRequest request) {
        lookup.require(request.bucket(), request.expectedBucketOwner());
        return GetBucketRequestPaymentResponse.builder()
                .payer(Payer.BUCKET_OWNER)
                .build();
    }

    GetBucketAbacResponse abac(GetBucketAbacRequest request) {
        lookup.require(request.bucket(), request.expectedBucketOwner());
        return GetBucketAbacResponse.builder()
                .abacStatus(status -> status.status(BucketAbacStatus.DISABLED))
                .build();
    }

    ListBucketAnalyticsConfigurationsResponse analytics(ListBucketAnalyticsConfigurationsRequest request) {
        lookup.require(request.bucket(), request.expectedBucketOwner());
        return ListBucketAnalyticsConfigurationsResponse.builder()
                .analyticsConfigurationList(List.of())
                .isTruncated(false)
                .build();
    }

    ListBucketInventoryConfigurationsResponse inventories(ListBucketInventoryConfigurationsRequest request) {
        lookup.require(request.bucket(), request.expectedBucketOwner());
        return ListBucketInventoryConfigurationsResponse.builder()
                .inventoryConfigurationList(List.of())
                .isTruncated(false)
                .build();
    }

    ListBucketMetricsConfigurationsResponse metrics(ListBucketMetricsConfigurationsRequest request) {
        lookup.require(request.bucket(), request.expectedBucketOwner());
        return ListBucketMetricsConfigurationsResponse.builder()
                .metricsConfigurationList(List.of())
                .isTruncated(false)
                .build();
    }
}
