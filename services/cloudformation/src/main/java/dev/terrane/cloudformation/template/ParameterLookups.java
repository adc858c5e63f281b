package dev.terrane.cloudformation.template;

import java.util.List;
import java.util.Optional;

/** What parameters ask of the account: of types such as {@code AWS::EC2::VPC::Id}, whose values name something. */
public interface ParameterLookups {
    /** Whether there is what a value names.
     *
     * @param type without {@code List<>}: {@code AWS::EC2::Subnet::Id}, {@code AWS::SSM::Parameter::Name} */
    boolean exists(String type, String value);

    /** The value of an SSM parameter; a list with commas. */
    Optional<String> stored(String name);

    /** Everything of a type in the account and region: {@code Fn::RefAll}. */
    List<String> all(String type);

    /** An attribute of what a value names, such as {@code VpcId} or {@code Tags.Department}: {@code Fn::ValueOf}. Empty where it has none. */
    List<String> attribute(String type, String value, String attribute);

    /** Whether a value is known already; one that is not is held against nothing. */
    default boolean known(String text) {
        return true;
    }

    /** Of an account in which everything that is named is there, and nothing more is known: for templates without such types. */
    ParameterLookups NONE = new ParameterLookups() {
        @Override
        public boolean exists(String type, String value) {
            return true;
        }

        @Override
        public Optional<String> stored(String name) {
            return Optional.empty();
        }

        @Override
        public List<String> all(String type) {
            return List.of();
        }

        @Override
        public List<String> attribute(String type, String value, String attribute) {
            return List.of();
        }
    };
}
