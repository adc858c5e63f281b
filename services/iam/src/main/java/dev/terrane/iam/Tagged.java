package dev.terrane.iam;

import java.util.Map;

/** What has tags. */
interface Tagged {
    Map<String, String> tags();
}
