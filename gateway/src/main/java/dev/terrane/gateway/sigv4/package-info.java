/**
 * AWS Signature Version 4, verified and made without the SDK: header, presigned and chunked requests, and the credentials of
 * CodeCommit's Git helper.
 *
 * <p>Nothing here knows an HTTP server: a request is seen through {@link dev.terrane.gateway.sigv4.SignedRequest}. The rules
 * are those of <a href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html">AWS Signature Version 4</a> and,
 * for S3, of <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html">its own pages</a>.
 */
@NullMarked
package dev.terrane.gateway.sigv4;

import org.jspecify.annotations.NullMarked;
