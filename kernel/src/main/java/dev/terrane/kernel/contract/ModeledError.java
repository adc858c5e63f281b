package dev.terrane.kernel.contract;

/**
 * An error that a service documents.
 *
 * @param shape the error's name in the service's model; JSON and CBOR protocols send it
 * @param code the code that query and XML protocols send; most often the same as the shape's name
 * @param status the HTTP status, 400 to 599
 * @param className the simple name of the SDK's exception class; empty if the SDK has none
 */
public record ModeledError(String shape, String code, int status, String className) {

    /** Whether the caller, not the service, is at fault. */
    public boolean senderFault() {
        return status < 500;
    }
}
