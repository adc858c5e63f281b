package dev.terrane.codepipeline;

import dev.terrane.codepipeline.ActionKind.Artifacts;
import java.util.Set;

/** What actions of one type may be: one of AWS's, or a custom one. */
sealed interface ActionForm permits ActionKind, CustomActionRecord {
    boolean isSource();

    Artifacts inputs();

    Artifacts outputs();

    /** The keys that a configuration must have. */
    Set<String> required();

    /** Whether a configuration may have a key. */
    boolean knows(String key);
}
