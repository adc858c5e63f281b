package dev.terrane.kernel.validate;

/**
 * Text for a regular expression that may go back and forth without end: every step of a matcher looks at a character, and after a number of
 * them that no honest expression needs it is stopped.
 */
public final class CountedText implements CharSequence {
    private final String text;
    private long left;

    /**
     * @param freeSteps how many steps any text may take
     * @param stepsPerCharacter how many more for each of its characters
     */
    public CountedText(String text, int freeSteps, int stepsPerCharacter) {
        this.text = text;
        this.left = freeSteps + (long) stepsPerCharacter * text.length();
    }

    @Override
    public int length() {
        return text.length();
    }

    /** @throws TooManySteps when the steps are used up */
    @Override
    public char charAt(int index) {
        if (--left < 0) {
            throw new TooManySteps();
        }
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text;
    }

    /** The expression was stopped. */
    public static final class TooManySteps extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooManySteps() {
            super("Too many steps", null, false, false);
        }
    }
}
