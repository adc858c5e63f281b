package dev.terrane.testkit.contract;

import dev.terrane.kernel.contract.BoundOperation;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;

/** What came of a call: a response or an error. */
record Answer(
        BoundOperation operation,
        SdkRequest request,
        @Nullable SdkResponse response,
        @Nullable AwsServiceException error) {
    boolean succeeded() {
        return error == null;
    }

    Optional<SdkResponse> found() {
        return Optional.ofNullable(response);
    }

    /** The error's code; empty for a success. */
    String code() {
        return error == null ? "" : error.awsErrorDetails().errorCode();
    }

    /** The error's message; empty for a success. */
    String message() {
        return error == null ? "" : error.awsErrorDetails().errorMessage();
    }

    int status() {
        return error == null ? 200 : error.statusCode();
    }

    /** What the caller is not allowed; empty where policies are not the reason. */
    Optional<Denial.Grant> lacking() {
        return error == null ? Optional.empty() : Denial.lacking(error);
    }

    /** Whether policies did not allow it. Services also say AccessDenied of their own; then the message names no action. */
    boolean denied() {
        return lacking().isPresent();
    }

    /** Whether another says the same; tokens of next pages are new each time. */
    boolean sameAs(Answer other) {
        return code().equals(other.code()) && content().equals(other.content());
    }

    private Map<String, Object> content() {
        Map<String, Object> content = new HashMap<>();
        if (response != null) {
            for (SdkField<?> field : response.sdkFields()) {
                Object value = field.getValueOrDefault(response);
                if (value != null
                        && !PagingContract.NEXT.contains(field.memberName().toLowerCase(Locale.ROOT))) {
                    content.put(field.memberName(), value);
                }
            }
        }
        return content;
    }

    /** Where two answers begin to differ. */
    static String difference(Answer before, Answer after) {
        String one = before.response + before.code();
        String other = after.response + after.code();
        int at = 0;
        while (at < one.length() && at < other.length() && one.charAt(at) == other.charAt(at)) {
            at++;
        }
        return "was …" + around(one, at) + "…, is …" + around(other, at) + "…";
    }

    private static String around(String text, int at) {
        return text.substring(Math.max(0, at - 100), Math.min(text.length(), at + 100));
    }

    String told() {
        String said = error == null ? "a success, " + response : status() + " " + code() + " \"" + message() + "\"";
        String whole = said + " to " + request;
        return whole.length() > 600 ? whole.substring(0, 600) + "…" : whole;
    }
}
