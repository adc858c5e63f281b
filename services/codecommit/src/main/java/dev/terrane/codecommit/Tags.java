package dev.terrane.codecommit;

import dev.terrane.kernel.arn.Arn;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.codecommit.model.*;

/** Tags of repositories. */
final class Tags {
    private static final int MOST = 50;
    private static final int KEY_LENGTH = 128;
    private static final int VALUE_LENGTH = 256;

    private final CodeCommitTables tables;
    private final Repositories repositories;

    Tags(CodeCommitTables tables, Repositories repositories) {
        this.tables = tables;
        this.repositories = repositories;
    }

    /** Checks tags that are to be set.
     *
     * @param all what the repository would then have */
    static void check(Map<String, String> set, Map<String, String> all) {
        set.forEach((key, value) -> {
            if (key.regionMatches(true, 0, "aws:", 0, 4)) {
                throw InvalidSystemTagUsageException.builder()
                        .message("The tag key " + key + " is reserved for AWS")
                        .build();
            }
            if (key.isEmpty() || key.length() > KEY_LENGTH || value == null || value.length() > VALUE_LENGTH) {
                throw InvalidTagsMapException.builder()
                        .message("A tag key has 1 to " + KEY_LENGTH + " characters and its value at most "
                                + VALUE_LENGTH)
                        .build();
            }
        });
        if (all.size() > MOST) {
            throw TooManyTagsException.builder()
                    .message("A repository has at most " + MOST + " tags")
                    .build();
        }
    }

    TagResourceResponse tag(TagResourceRequest request) {
        if (request.tags().isEmpty()) {
            throw TagsMapRequiredException.builder()
                    .message("A map of tags is required")
                    .build();
        }
        tables.transact(() -> {
            RepositoryRecord repository = require(request.resourceArn());
            Map<String, String> tags = new HashMap<>(repository.tags());
            tags.putAll(request.tags());
            check(request.tags(), tags);
            tables.update(Call.current().scope(), repository.withTags(tags));
            return tags;
        });
        return TagResourceResponse.builder().build();
    }

    UntagResourceResponse untag(UntagResourceRequest request) {
        if (request.tagKeys().isEmpty()) {
            throw TagKeysListRequiredException.builder()
                    .message("A list of tag keys is required")
                    .build();
        }
        tables.transact(() -> {
            RepositoryRecord repository = require(request.resourceArn());
            Map<String, String> tags = new HashMap<>(repository.tags());
            tags.keySet().removeAll(request.tagKeys());
            tables.update(Call.current().scope(), repository.withTags(tags));
            return tags;
        });
        return UntagResourceResponse.builder().build();
    }

    ListTagsForResourceResponse list(ListTagsForResourceRequest request) {
        RepositoryRecord repository = require(request.resourceArn());
        // All tags fit on one page, so no token of this listing was ever given out.
        Optional<String> unused = repositories.cursor("tags", request.nextToken());
        return ListTagsForResourceResponse.builder()
                .tags(unused.isPresent() ? Map.of() : repository.tags())
                .build();
    }

    private RepositoryRecord require(@Nullable String resourceArn) {
        if (resourceArn == null || resourceArn.isEmpty()) {
            throw ResourceArnRequiredException.builder()
                    .message("A resource ARN is required")
                    .build();
        }
        Scope scope = Call.current().scope();
        Arn arn = Arn.find(resourceArn)
                .filter(found -> found.service().equals("codecommit")
                        && found.region().equals(scope.region())
                        && found.account().equals(scope.account()))
                .orElseThrow(() -> InvalidResourceArnException.builder()
                        .message("The resource ARN " + resourceArn + " is not valid")
                        .build());
        return repositories.require(arn.resource());
    }
}
