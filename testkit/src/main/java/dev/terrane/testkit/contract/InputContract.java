package dev.terrane.testkit.contract;

import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.contract.Shape;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkRequest;

/** Input of every kind: what the model forbids is refused and changes nothing; nothing at all makes the server fail. */
final class InputContract {
    private static final int SOME = 4;

    private final Subject subject;

    InputContract(Subject subject) {
        this.subject = subject;
    }

    void checkForbidden(Names names) {
        Requests requests = new Requests(names);
        for (BoundOperation operation : subject.operations()) {
            if (subject.changes(() -> forbid(operation, requests))) {
                subject.findings().add("forbidden", operation.operation().name(), "a refused call changed something");
            }
        }
    }

    private void forbid(BoundOperation operation, Requests requests) {
        for (SdkField<?> field : Requests.members(operation)) {
            if (operation.operation().requiredMembers().contains(field.memberName())) {
                refused(operation, requests.with(operation, field, null), field.memberName() + " missing");
            }
            Requests.shape(operation, field).ifPresent(shape -> {
                for (Object value : forbidden(field, shape)) {
                    refused(operation, requests.with(operation, field, value), field.memberName());
                }
            });
        }
    }

    private static List<Object> forbidden(SdkField<?> field, Shape shape) {
        List<Object> values = new ArrayList<>();
        if (Requests.isText(field)) {
            Texts.tooLong(shape).ifPresent(values::add);
            Texts.mismatched(shape).ifPresent(values::add);
        } else {
            shape.min().ifPresent(least -> add(values, Requests.number(field.marshallingType(), least - 1)));
            if (shape.max().isPresent() && shape.max().getAsDouble() < Integer.MAX_VALUE) {
                add(values, Requests.number(field.marshallingType(), shape.max().getAsDouble() + 1));
            }
        }
        return values;
    }

    private static void add(List<Object> values, @Nullable Object value) {
        if (value != null) {
            values.add(value);
        }
    }

    private void refused(BoundOperation operation, SdkRequest request, String what) {
        Answer answer = subject.probe().call(operation, request);
        if (answer.succeeded()) {
            subject.findings().add("forbidden", operation.operation().name() + "." + what, answer.told());
        }
    }

    /** All for members that every request has; for each of the many others some, so that over all of them each comes often. */
    private static List<String> hostile(BoundOperation operation, SdkField<?> field) {
        if (operation.operation().requiredMembers().contains(field.memberName())) {
            return Texts.HOSTILE;
        }
        int first = Math.floorMod(
                (operation.operation().name() + field.memberName()).hashCode(), Texts.HOSTILE.size() - SOME);
        return Texts.HOSTILE.subList(first, first + SOME);
    }

    /** Each member in turn with what is allowed and what no one expects; what it does is not looked at, only that it is no fault. */
    void checkHostile(Names shared) {
        for (BoundOperation operation : subject.operations()) {
            Names names = subject.reads(operation) ? shared : subject.fresh().get();
            Requests requests = new Requests(names);
            subject.probe().call(operation, new Requests(Names.none()).minimal(operation));
            for (SdkField<?> field : Requests.members(operation)) {
                if (subject.waits(operation, field)) {
                    continue;
                }
                Object value = requests.generate(operation, field);
                if (value != null) {
                    subject.probe().call(operation, requests.with(operation, field, value));
                }
                if (Requests.isText(field)) {
                    for (String text : hostile(operation, field)) {
                        subject.probe().call(operation, requests.with(operation, field, text));
                    }
                } else {
                    for (double number : List.of(-1.0, 0.0, (double) Integer.MAX_VALUE)) {
                        Object fitting = Requests.number(field.marshallingType(), number);
                        if (fitting != null) {
                            subject.probe().call(operation, requests.with(operation, field, fitting));
                        }
                    }
                }
            }
        }
    }
}
