package dev.terrane.cloudformation.template;

import java.util.Optional;
import java.util.Set;

/**
 * The type of a template's parameter.
 *
 * @param name as templates write it: {@code List<AWS::EC2::Subnet::Id>}
 * @param fromParameterStore whether the value names an SSM parameter, whose value is meant: {@code AWS::SSM::Parameter::Value<...>}
 * @param list whether the value is a list, written with commas
 * @param element what the value, or each of the list, is: {@code String}, {@code Number}, or what names a resource
 */
public record ParameterType(String name, boolean fromParameterStore, boolean list, String element) {
    /** Types whose values name something that must be there. */
    private static final Set<String> EXISTING = Set.of(
            "AWS::EC2::AvailabilityZone::Name",
            "AWS::EC2::Image::Id",
            "AWS::EC2::Instance::Id",
            "AWS::EC2::KeyPair::KeyName",
            "AWS::EC2::SecurityGroup::GroupName",
            "AWS::EC2::SecurityGroup::Id",
            "AWS::EC2::Subnet::Id",
            "AWS::EC2::VPC::Id",
            "AWS::EC2::Volume::Id",
            "AWS::Route53::HostedZone::Id");

    private static final String PARAMETER_NAME = "AWS::SSM::Parameter::Name";
    private static final String STORED = "AWS::SSM::Parameter::Value<";

    /** The type that a template means by a name; empty where there is none. */
    public static Optional<ParameterType> named(String name) {
        if (name.startsWith(STORED) && name.endsWith(">")) {
            String inner = name.substring(STORED.length(), name.length() - 1);
            return plain(inner)
                    .filter(type ->
                            !type.element().equals("Number") && !type.element().equals(PARAMETER_NAME))
                    .map(type -> new ParameterType(name, true, type.list(), type.element()));
        }
        return plain(name);
    }

    private static Optional<ParameterType> plain(String name) {
        if (name.equals("CommaDelimitedList")) {
            return Optional.of(new ParameterType(name, false, true, "String"));
        }
        if (name.startsWith("List<") && name.endsWith(">")) {
            String element = name.substring(5, name.length() - 1);
            boolean known = element.equals("String")
                    || element.equals("Number")
                    || (EXISTING.contains(element) && !element.equals("AWS::EC2::KeyPair::KeyName"));
            return known ? Optional.of(new ParameterType(name, false, true, element)) : Optional.empty();
        }
        boolean known = name.equals("String")
                || name.equals("Number")
                || name.equals(PARAMETER_NAME)
                || EXISTING.contains(name);
        return known ? Optional.of(new ParameterType(name, false, false, name)) : Optional.empty();
    }

    public boolean number() {
        return element.equals("Number");
    }

    /** Whether what the value names must be there. */
    public boolean names() {
        return EXISTING.contains(element) || element.equals(PARAMETER_NAME);
    }
}
