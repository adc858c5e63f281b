package dev.terrane.s3;

import software.amazon.awssdk.services.s3.model.WebsiteConfiguration;

/** That a bucket is a website. */
record WebsiteRecord(String bucket, WebsiteConfiguration configuration) {}
