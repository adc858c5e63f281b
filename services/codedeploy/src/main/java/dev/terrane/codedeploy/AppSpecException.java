package dev.terrane.codedeploy;

/** An AppSpec file is not what AWS documents; the message is for the person who wrote it. */
final class AppSpecException extends RuntimeException {
    AppSpecException(String message) {
        super(message);
    }
}
