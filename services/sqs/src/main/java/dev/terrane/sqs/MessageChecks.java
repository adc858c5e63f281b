package dev.terrane.sqs;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.sqs.model.InvalidMessageContentsException;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeNameForSends;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeValue;

/** What a message may be: its characters, its size, its attributes ("Amazon SQS message quotas"). */
final class MessageChecks {
    private static final int MOST_ATTRIBUTES = 10;
    private static final int LONGEST_NAME = 256;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_\\-.]+");
    private static final Pattern TYPE = Pattern.compile("(String|Number|Binary)(\\..+)?");
    private static final Pattern NUMBER = Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");
    private static final Pattern ID = Pattern.compile("[\\x21-\\x7E]{1,128}");

    private MessageChecks() {}

    /** Checks a body and attributes, and gives their size in bytes. */
    static int size(String body, Map<String, MessageAttributeValue> attributes) {
        if (body.isEmpty()) {
            throw Errors.missing("MessageBody");
        }
        if (!isWritable(body)) {
            throw InvalidMessageContentsException.builder()
                    .message(
                            "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD"
                                    + " | #x10000 to #x10FFFF")
                    .build();
        }
        if (attributes.size() > MOST_ATTRIBUTES) {
            throw Errors.parameter("Number of message attributes [" + attributes.size()
                    + "] exceeds the allowed maximum [" + MOST_ATTRIBUTES + "].");
        }
        int size = bytes(body);
        for (Map.Entry<String, MessageAttributeValue> attribute : attributes.entrySet()) {
            size += size(attribute.getKey(), attribute.getValue());
        }
        return size;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static boolean isWritable(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean control = c < 0x20 && c != '\t' && c != '\n' && c != '\r';
            if (control || c > '\uFFFD') {
                return false;
            }
            if (Character.isSurrogate(c)) {
                if (!Character.isHighSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    private static int size(String name, MessageAttributeValue value) {
        String lower = name.toLowerCase(java.util.Locale.ROOT);
        if (!NAME.matcher(name).matches()
                || name.length() > LONGEST_NAME
                || lower.startsWith("aws.")
                || lower.startsWith("amazon.")
                || name.startsWith(".")
                || name.endsWith(".")
                || name.contains("..")) {
            throw Errors.parameter("Invalid message attribute name " + name + ".");
        }
        String type = value.dataType();
        if (type == null || type.isEmpty()) {
            throw Errors.parameter(
                    "The message attribute '" + name + "' must contain non-empty message attribute type.");
        }
        if (!TYPE.matcher(type).matches()) {
            throw Errors.parameter(
                    "The message attribute '" + name
                            + "' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.");
        }
        if (!value.stringListValues().isEmpty() || !value.binaryListValues().isEmpty()) {
            throw Errors.parameter("Message attribute list values in SendMessage operation are not supported.");
        }
        boolean binary = type.startsWith("Binary");
        int length = binary
                ? Optional.ofNullable(value.binaryValue())
                        .map(b -> b.asByteArrayUnsafe().length)
                        .orElse(0)
                : Optional.ofNullable(value.stringValue())
                        .map(MessageChecks::bytes)
                        .orElse(0);
        if (length == 0) {
            throw Errors.parameter("The message attribute '" + name
                    + "' must contain non-empty message attribute value for message attribute type '" + type + "'.");
        }
        if (!binary && !isWritable(value.stringValue())) {
            throw Errors.parameter("The message attribute '" + name + "' has invalid characters.");
        }
        if (type.startsWith("Number")
                && !NUMBER.matcher(value.stringValue().strip()).matches()) {
            throw Errors.parameter("Can't cast the value of message (user) attribute '" + name + "' to a number.");
        }
        return bytes(name) + bytes(type) + length;
    }

    /** The trace header among system attributes, the only one that may be sent. */
    static Optional<String> trace(Map<MessageSystemAttributeNameForSends, MessageSystemAttributeValue> attributes) {
        Optional<String> trace = Optional.empty();
        for (var attribute : attributes.entrySet()) {
            if (attribute.getKey() != MessageSystemAttributeNameForSends.AWS_TRACE_HEADER
                    || !"String".equals(attribute.getValue().dataType())
                    || attribute.getValue().stringValue() == null) {
                throw Errors.parameter("Message system attribute " + attribute.getKey() + " is not valid.");
            }
            trace = Optional.of(attribute.getValue().stringValue());
        }
        return trace;
    }

    /** A message group or deduplication id: up to 128 visible ASCII characters. */
    static String id(String parameter, String value) {
        if (!ID.matcher(value).matches()) {
            throw Errors.parameter("Value " + value + " for parameter " + parameter
                    + " is invalid. Reason: " + parameter
                    + " can only include alphanumeric and punctuation characters. 1 to 128 in length.");
        }
        return value;
    }
}
