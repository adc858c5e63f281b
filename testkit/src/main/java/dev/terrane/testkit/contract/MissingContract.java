package dev.terrane.testkit.contract;

import dev.terrane.kernel.contract.BoundOperation;
import java.util.Locale;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkRequest;

/** Whatever takes the name of something answers the documented error when there is none such,, and changes nothing. */
final class MissingContract {
    private final Subject subject;
    private final Missing missing;

    MissingContract(Subject subject, Missing missing) {
        this.subject = subject;
        this.missing = missing;
    }

    void check(Names names) {
        for (BoundOperation operation : subject.operations()) {
            String name = operation.operation().name();
            for (SdkField<?> field : Requests.members(operation)) {
                for (Missing.Name absent : missing.names()) {
                    if (absent.isIn(name, field.memberName())
                            && (absent.member().contains(".") || named(operation, field, names))
                            && !makes(name, field.memberName())
                            && !subject.exceptions().has("not-found", name + "." + field.memberName())) {
                        check(operation, field, absent, names);
                    }
                }
            }
        }
    }

    private static boolean named(BoundOperation operation, SdkField<?> field, Names names) {
        return operation.operation().requiredMembers().contains(field.memberName())
                || names.isFor(operation.operation().name(), field.memberName());
    }

    /** CreateRepository takes the name of a repository that is not there yet. */
    static boolean makes(String operation, String member) {
        if (!operation.startsWith("Create")) {
            return false;
        }
        String noun = operation.substring(6).toLowerCase(Locale.ROOT);
        String plain = member.toLowerCase(Locale.ROOT);
        return plain.equals("name") || plain.equals(noun + "name") || plain.equals(noun);
    }

    private void check(BoundOperation operation, SdkField<?> field, Missing.Name absent, Names names) {
        SdkRequest request = new Requests(names).with(operation, field, absent.value());
        Answer answer = subject.probe().call(operation, request);
        if (!answer.succeeded() && subject.changes(() -> subject.probe().call(operation, request))) {
            subject.findings()
                    .add("not-found", operation.operation().name() + "." + field.memberName(), "changed something");
        }
        if (!absent.codes().contains(answer.code())) {
            subject.findings()
                    .add(
                            "not-found",
                            operation.operation().name() + "." + field.memberName(),
                            "expected " + absent.codes() + ", got " + answer.told());
        }
    }
}
