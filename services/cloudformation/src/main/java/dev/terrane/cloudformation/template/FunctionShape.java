package dev.terrane.cloudformation.template;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks the shape of functions: their arguments, and where they may stand. */
final class FunctionShape {
    /** What {@code Fn::Join} wants. */
    static final String JOIN = "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of"
            + " strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.";

    /** What {@code Fn::Select} wants. */
    static final String SELECT = "Fn::Select requires a list argument with two elements: an integer index and a list";

    /** What {@code Fn::Split} wants. */
    static final String SPLIT =
            "every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string"
                    + " to be split or a function that returns a string to be split.";

    private static final Set<String> RULES = Set.of(
            "Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn", "Fn::RefAll", "Fn::ValueOf", "Fn::ValueOfAll");
    private static final Set<String> LOGIC = Set.of("Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals");
    private static final Set<String> IN_CONDITIONS = Set.of(
            "Ref",
            "Fn::And",
            "Fn::Or",
            "Fn::Not",
            "Fn::Equals",
            "Fn::If",
            "Fn::FindInMap",
            "Fn::Join",
            "Fn::Select",
            "Fn::Split",
            "Fn::Sub",
            "Fn::Length",
            "Fn::ToJsonString");
    private static final Set<String> EXTENSIONS = Set.of("Fn::Length", "Fn::ToJsonString");
    private static final String SUPPORTED =
            "[Fn::Base64, Fn::GetAtt, Fn::GetAZs, Fn::ImportValue, Fn::Join, Fn::Split, Fn::FindInMap, Fn::Select, Ref,"
                    + " Fn::Equals, Fn::If, Fn::Not, Condition, Fn::And, Fn::Or, Fn::Contains, Fn::EachMemberEquals,"
                    + " Fn::EachMemberIn, Fn::ValueOf, Fn::ValueOfAll, Fn::RefAll, Fn::Sub, Fn::Cidr]";

    private final Place place;
    private final boolean extensions;

    /** Where in a template a value stands. */
    enum Place {
        RESOURCES,
        CONDITIONS,
        RULES
    }

    FunctionShape(Place place, boolean extensions) {
        this.place = place;
        this.extensions = extensions;
    }

    /** Checks all functions in a value.
     *
     * @throws TemplateException of the first that is wrong */
    void check(Value value) {
        Optional<Value.Call> call = value.call();
        if (call.isPresent()) {
            placed(call.get());
            shape(call.get());
            check(call.get().argument());
            return;
        }
        if (value instanceof Value.Fields object) {
            object.fields().keySet().stream()
                    .filter(name -> name.startsWith("Fn::") && object.fields().size() > 1)
                    .findFirst()
                    .ifPresent(name -> {
                        throw new TemplateException(
                                "Template error: " + TemplateText.shown(name)
                                        + " must be the only member of its object",
                                object.at(name));
                    });
        }
        value.children().forEach(this::check);
    }

    private void placed(Value.Call call) {
        String function = call.function();
        if (EXTENSIONS.contains(function) && !extensions) {
            throw new TemplateException(
                    "Template error: " + function + " requires the transform " + Template.LANGUAGE_EXTENSIONS,
                    call.at());
        }
        if (RULES.contains(function) && place != Place.RULES) {
            throw new TemplateException("Template error: " + function + " is supported in Rules only", call.at());
        }
        if (LOGIC.contains(function) && place == Place.RESOURCES) {
            throw new TemplateException(
                    "Template error: " + function + " is supported in Conditions and Rules only", call.at());
        }
        boolean known = RULES.contains(function)
                || IN_CONDITIONS.contains(function)
                || Set.of("Fn::Base64", "Fn::GetAtt", "Fn::GetAZs", "Fn::GetStackOutput", "Fn::ImportValue", "Fn::Cidr")
                        .contains(function);
        if (!known) {
            throw new TemplateException(
                    "Template error: Encountered unsupported function: " + TemplateText.shown(function)
                            + " Supported functions are: " + SUPPORTED,
                    call.at());
        }
        boolean misplaced = place == Place.CONDITIONS && !IN_CONDITIONS.contains(function);
        if (misplaced && !function.equals("Fn::GetAtt")) {
            throw new TemplateException("Template error: Cannot use " + function + " in Conditions.", call.at());
        }
    }

    private void shape(Value.Call call) {
        Value argument = call.argument();
        List<Value> items = argument.list().orElse(List.of());
        switch (call.function()) {
            case "Ref" -> require(text(argument), "every Ref object must have a single String value.", call);
            case "Fn::GetAtt" ->
                require(
                        items.size() == 2
                                && text(items.get(0))
                                && (text(items.get(1))
                                        || items.get(1).call("Ref").isPresent()),
                        "every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource"
                                + " attribute",
                        call);
            case "Fn::Sub" ->
                SubText.of(argument)
                        .own()
                        .values()
                        .forEach(value -> require(
                                stringlike(value),
                                "every value of the context object of every Fn::Sub object must be a string or a"
                                        + " function that returns a string",
                                call));
            case "Fn::Join" ->
                require(
                        items.size() == 2 && items.get(0) instanceof Value.Scalar && listlike(items.get(1)),
                        JOIN,
                        call);
            case "Fn::Select" ->
                require(items.size() == 2 && stringlike(items.get(0)) && listlike(items.get(1)), SELECT, call);
            case "Fn::Split" ->
                require(
                        items.size() == 2
                                && items.get(0)
                                        .scalar()
                                        .filter(t -> !t.isEmpty())
                                        .isPresent()
                                && stringlike(items.get(1)),
                        SPLIT,
                        call);
            case "Fn::FindInMap" -> findInMap(items, call);
            case "Fn::If" ->
                require(
                        items.size() == 3 && text(items.get(0)),
                        "Fn::If requires a list argument with the first element being a condition",
                        call);
            case "Fn::And", "Fn::Or" ->
                require(
                        items.size() >= 2 && items.size() <= 10,
                        "every " + call.function()
                                + " object requires a list of at least 2 and at most 10 boolean parameters.",
                        call);
            case "Fn::Not" ->
                require(
                        items.size() == 1,
                        "every Fn::Not object requires a list argument with exactly one boolean parameter.",
                        call);
            case "Fn::Equals" ->
                require(items.size() == 2, "Fn::Equals requires a list argument with two elements", call);
            case "Fn::Base64" ->
                require(stringlike(argument), "every Fn::Base64 object must have a String-typed value.", call);
            case "Fn::GetAZs" ->
                require(stringlike(argument), "every Fn::GetAZs object must have a String-typed value.", call);
            case "Fn::ImportValue" -> importValue(call);
            case "Fn::GetStackOutput" ->
                require(
                        argument.object()
                                        .map(object -> object.fields().keySet())
                                        .filter(names -> names.containsAll(Set.of("StackName", "OutputName"))
                                                && Set.of("StackName", "OutputName", "Region", "RoleArn")
                                                        .containsAll(names))
                                        .isPresent()
                                && argument.children().stream().allMatch(FunctionShape::stringlike),
                        "every Fn::GetStackOutput object requires StackName and OutputName, and may have Region and"
                                + " RoleArn",
                        call);
            case "Fn::Cidr" ->
                require(
                        items.size() == 3 && items.stream().allMatch(FunctionShape::stringlike),
                        "every Fn::Cidr object requires an IP block, a count and the number of CIDR bits",
                        call);
            case "Fn::Length" ->
                require(listlike(argument), "Fn::Length requires a list or a function that returns a list", call);
            case "Fn::ToJsonString" ->
                require(!(argument instanceof Value.Scalar), "Fn::ToJsonString requires an object or a list", call);
            default -> {}
        }
    }

    private void findInMap(List<Value> items, Value.Call call) {
        boolean named = items.size() >= 3 && items.stream().limit(3).allMatch(FunctionShape::stringlike);
        boolean defaulted = extensions
                && items.size() == 4
                && items.get(3)
                        .object()
                        .filter(object -> object.fields().keySet().equals(Set.of("DefaultValue")))
                        .isPresent();
        require(
                named && (items.size() == 3 || defaulted),
                "every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for"
                        + " return value",
                call);
    }

    private static void importValue(Value.Call call) {
        require(
                stringlike(call.argument()),
                "the attribute in Fn::ImportValue must be a string or a function that returns a string",
                call);
        if (dependent(call.argument())) {
            throw dependentImport(call.at());
        }
    }

    /** Whether a value needs more than parameters: as far as functions tell it. */
    static boolean dependent(Value value) {
        return uses(value, Set.of("Fn::GetAtt", "Fn::GetAZs", "Fn::ImportValue"));
    }

    static TemplateException dependentImport(Position at) {
        return new TemplateException(
                "Template error: the attribute in Fn::ImportValue must not depend on any resources, imported values,"
                        + " or Fn::GetAZs",
                at);
    }

    private static boolean uses(Value value, Set<String> functions) {
        return value.call().filter(call -> functions.contains(call.function())).isPresent()
                || value.children().stream().anyMatch(child -> uses(child, functions));
    }

    private static boolean text(Value value) {
        return value.scalar().filter(text -> !text.isEmpty()).isPresent();
    }

    private static boolean stringlike(Value value) {
        return value instanceof Value.Scalar || value.call().isPresent();
    }

    private static boolean listlike(Value value) {
        return value instanceof Value.Items || value.call().isPresent();
    }

    private static void require(boolean right, String words, Value.Call call) {
        if (!right) {
            throw new TemplateException("Template error: " + words, call.at());
        }
    }
}
