package dev.terrane.cloudformation.template;

/** A template, a parameter or a property that CloudFormation does not accept: its {@code ValidationError}. */
public final class TemplateException extends RuntimeException {
    private final String words;
    private final Position position;
    private final String logicalId;

    /** An error of no place. */
    public TemplateException(String words) {
        this(words, Position.NONE);
    }

    /** An error at a place of the template.
     *
     * @param words AWS's wording where it is known */
    public TemplateException(String words, Position position) {
        this(words, position, "");
    }

    private TemplateException(String words, Position position, String logicalId) {
        super(words + place(position, logicalId));
        this.words = words;
        this.position = position;
        this.logicalId = logicalId;
    }

    /** The same error, told of a resource, parameter, condition or output, unless it is told of one. */
    public TemplateException in(String name) {
        return logicalId.isEmpty() ? new TemplateException(words, position, name) : this;
    }

    /** The same error with a place, unless it has one. */
    public TemplateException at(Position place) {
        return position.line() == 0 && logicalId.isEmpty() ? new TemplateException(words, place) : this;
    }

    /** What is wrong, without the place. */
    public String words() {
        return words;
    }

    /** Where it is wrong. */
    public Position position() {
        return position;
    }

    /** Of which resource, parameter, condition or output it is told; empty where of none. */
    public String logicalId() {
        return logicalId;
    }

    private static String place(Position position, String logicalId) {
        if (position.line() == 0) {
            return logicalId.isEmpty() ? "" : " (in " + logicalId + ")";
        }
        return " (" + position + (logicalId.isEmpty() ? "" : ", in " + logicalId) + ")";
    }
}
