package dev.terrane.cloudformation.template;

/**
 * A place in a template's text, counted from one.
 *
 * @param line zero where the value was made by a transform or the server, and stands in no text
 */
public record Position(int line, int column) {
    /** Of what stands in no text. */
    public static final Position NONE = new Position(0, 0);

    @Override
    public String toString() {
        return line == 0 ? "" : "line " + line + ", column " + column;
    }
}
