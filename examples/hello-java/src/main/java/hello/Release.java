package hello;

/** What changes from one release to the next. */
final class Release {
    static final String VERSION = "1";

    private Release() {}

    static String greeting() {
        return "Hello from version " + VERSION;
    }

    /** The HTTP status of the greeting. */
    static int status() {
        return 200;
    }
}
