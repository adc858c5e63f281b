package dev.terrane.codebuild;

/** Why a phase of a build failed, as its context tells it. */
final class BuildFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final String code;

    /** @param code such as {@code COMMAND_EXECUTION_ERROR} */
    BuildFailure(String code, String message) {
        super(message, null, false, false);
        this.code = code;
    }

    static BuildFailure yaml(String message) {
        return new BuildFailure("YAML_FILE_ERROR", message);
    }

    static BuildFailure client(String message) {
        return new BuildFailure("CLIENT_ERROR", message);
    }

    String code() {
        return code;
    }

    String words() {
        return String.valueOf(getMessage());
    }
}
