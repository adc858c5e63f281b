package dev.terrane.sqs;

import dev.terrane.kernel.error.AwsErrors;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.sqs.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.EmptyBatchRequestException;
import software.amazon.awssdk.services.sqs.model.InvalidBatchEntryIdException;
import software.amazon.awssdk.services.sqs.model.TooManyEntriesInBatchRequestException;

/** What all batches have in common: one to ten entries, each with an id of its own. */
final class Batches {
    private static final int MOST = 10;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_\\-]{1,80}");

    private Batches() {}

    static void check(List<String> ids) {
        if (ids.isEmpty()) {
            throw EmptyBatchRequestException.builder()
                    .message("There should be at least one entry in the request.")
                    .build();
        }
        if (ids.size() > MOST) {
            throw TooManyEntriesInBatchRequestException.builder()
                    .message(
                            "Maximum number of entries per request are " + MOST + ". You have sent " + ids.size() + ".")
                    .build();
        }
        Set<String> seen = new HashSet<>();
        for (String id : ids) {
            if (!ID.matcher(id).matches()) {
                throw InvalidBatchEntryIdException.builder()
                        .message("A batch entry id can only contain alphanumeric characters, hyphens and underscores."
                                + " It can be at most 80 letters long.")
                        .build();
            }
            if (!seen.add(id)) {
                throw BatchEntryIdsNotDistinctException.builder()
                        .message("Id " + id + " repeated.")
                        .build();
            }
        }
    }

    static BatchResultErrorEntry failed(String id, AwsServiceException e) {
        String code = e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
                ? e.getClass().getSimpleName().replaceFirst("Exception$", "")
                : e.awsErrorDetails().errorCode();
        return BatchResultErrorEntry.builder()
                .id(id)
                .senderFault(true)
                .code(code)
                .message(AwsErrors.message(e))
                .build();
    }
}
