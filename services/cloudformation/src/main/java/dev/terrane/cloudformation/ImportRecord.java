package dev.terrane.cloudformation;

/** That a stack imports an export. */
record ImportRecord(String export, String stack, String stackName) {
    String key() {
        return export + "/" + stack;
    }
}
