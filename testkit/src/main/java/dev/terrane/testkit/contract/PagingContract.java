package dev.terrane.testkit.contract;

import dev.terrane.kernel.contract.BoundOperation;
import dev.terrane.kernel.contract.ModeledError;
import dev.terrane.testkit.TestIdentities;
import dev.terrane.testkit.TestServer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.protocol.MarshallingType;

/**
 * Operations that give a token for the next page: the smallest pages, one after the other, are the whole list, once each and in its
 * order; a token outlives a restart, and is refused when it is changed, another operation's or another account's.
 */
final class PagingContract {
    private static final Set<String> TOKENS = Set.of("nexttoken", "marker", "continuationtoken");
    static final Set<String> NEXT = Set.of("nexttoken", "marker", "nextmarker", "nextcontinuationtoken");
    private static final Set<String> LIMITS =
            Set.of("maxresults", "maxrecords", "maxitems", "limit", "pagesize", "maxkeys", "maxbuckets");
    private static final Set<String> REFUSALS = Set.of(
            "ValidationException",
            "ValidationError",
            "InvalidParameterValue",
            "InvalidParameterException",
            "InvalidParameter",
            "InvalidInputException",
            "InvalidNextToken",
            "InvalidNextTokenException",
            "InvalidToken",
            "InvalidArgument");
    private static final int MOST_PAGES = 1_000;
    private static final double LEAST_OF_EC2 = 5;

    private final Subject subject;

    PagingContract(Subject subject) {
        this.subject = subject;
    }

    /** A listing that has a second page. */
    private record Listing(
            BoundOperation operation,
            Map<SdkField<?>, Object> limited,
            SdkField<?> tokenMember,
            String token,
            List<Item> second) {}

    void check(Names names) {
        Requests requests = new Requests(names);
        List<Listing> listings = new ArrayList<>();
        for (BoundOperation operation : subject.operations()) {
            Optional<SdkField<?>> token = member(operation.newRequest(), TOKENS);
            if (token.isPresent() && member(operation.newResponse(), NEXT).isPresent()) {
                page(operation, requests, token.get()).ifPresent(listings::add);
            }
        }
        for (Listing listing : listings) {
            refuseOthers(listing, requests, listings);
        }
        subject.server().restart();
        for (Listing listing : listings) {
            Answer again = next(listing.operation, requests, listing.limited, listing.tokenMember, listing.token);
            if (!again.found().map(PagingContract::items).equals(Optional.of(listing.second))) {
                add(
                        "page",
                        listing.operation,
                        "after a restart the token gives "
                                + again.found().map(PagingContract::items).orElse(List.of()) + ", not " + listing.second
                                + ": " + again.told());
            }
        }
    }

    private static Optional<SdkField<?>> member(SdkPojo pojo, Set<String> plainNames) {
        for (SdkField<?> field : pojo.sdkFields()) {
            if (plainNames.contains(field.memberName().toLowerCase(Locale.ROOT))) {
                return Optional.of(field);
            }
        }
        return Optional.empty();
    }

    /** Goes through all pages. */
    private Optional<Listing> page(BoundOperation operation, Requests requests, SdkField<?> token) {
        List<Item> whole = new ArrayList<>();
        if (walk(operation, requests, Map.of(), token, whole).isEmpty()) {
            return Optional.empty();
        }
        Optional<SdkField<?>> limit = member(operation.newRequest(), LIMITS);
        if (limit.isEmpty() || whole.size() < 2) {
            return Optional.empty();
        }
        double least = Requests.shape(operation, limit.get())
                .map(s -> s.min().orElse(1))
                .orElse(1.0);
        // Some listings want more than the model says.
        return page(operation, requests, token, limit.get(), Math.max(1, least), whole)
                .or(() -> page(operation, requests, token, limit.get(), LEAST_OF_EC2, whole));
    }

    private Optional<Listing> page(
            BoundOperation operation,
            Requests requests,
            SdkField<?> token,
            SdkField<?> limit,
            double least,
            List<Item> whole) {
        Object size = Requests.number(limit.marshallingType(), least);
        Map<SdkField<?>, Object> limited = Map.of(limit, size == null ? "1" : size);
        List<Item> paged = new ArrayList<>();
        Optional<List<Answer>> pages = walk(operation, requests, limited, token, paged);
        if (pages.isEmpty()) {
            return Optional.empty();
        }
        paged.sort(Comparator.comparing(Item::list));
        whole.sort(Comparator.comparing(Item::list));
        if (!paged.equals(whole)) {
            List<Item> now = new ArrayList<>();
            walk(operation, requests, Map.of(), token, now);
            now.sort(Comparator.comparing(Item::list));
            if (!now.equals(whole)) {
                // Something in the background changed the list meanwhile, such as a request that ended.
                return page(operation, requests, token, limit, least, now);
            }
            add(
                    "page",
                    operation,
                    "pages of " + size + " give " + paged.size() + " items, not the list's " + whole.size()
                            + ", or in another order: " + paged + " for " + whole);
        }
        if (pages.get().size() < 2) {
            if (whole.size() > least) {
                add("page", operation, "all in one page, though at most " + size + " were asked for");
            }
            return Optional.empty();
        }
        Answer first = pages.get().getFirst();
        return Optional.of(new Listing(
                operation,
                limited,
                token,
                token(first),
                items(pages.get().get(1).found().orElseThrow())));
    }

    private Optional<List<Answer>> walk(
            BoundOperation operation,
            Requests requests,
            Map<SdkField<?>, Object> limited,
            SdkField<?> token,
            List<Item> into) {
        List<Answer> pages = new ArrayList<>();
        @Nullable String next = null;
        while (pages.size() < MOST_PAGES) {
            Answer answer = next(operation, requests, limited, token, next);
            if (!answer.succeeded()) {
                if (next != null) {
                    add("page", operation, "its own token gives " + answer.told());
                }
                return Optional.empty();
            }
            pages.add(answer);
            answer.found().ifPresent(response -> into.addAll(items(response)));
            next = token(answer);
            if (next.isEmpty()) {
                return Optional.of(pages);
            }
        }
        add("page", operation, "no end after " + MOST_PAGES + " pages");
        return Optional.empty();
    }

    private Answer next(
            BoundOperation operation,
            Requests requests,
            Map<SdkField<?>, Object> limited,
            SdkField<?> token,
            @Nullable String next) {
        return subject.probe().call(operation, request(operation, requests, limited, token, next));
    }

    private static SdkRequest request(
            BoundOperation operation,
            Requests requests,
            Map<SdkField<?>, Object> limited,
            SdkField<?> token,
            @Nullable String next) {
        Map<SdkField<?>, Object> members = new LinkedHashMap<>(limited);
        if (next != null) {
            members.put(token, next);
        }
        return requests.with(operation, members);
    }

    /** The token of the next page; empty where this is the last. */
    private static String token(Answer answer) {
        SdkResponse response = answer.found().orElseThrow();
        for (SdkField<?> field : response.sdkFields()) {
            String name = field.memberName().toLowerCase(Locale.ROOT);
            boolean echoed = name.equals("marker")
                    && member(response, Set.of("nextmarker")).isPresent();
            if (NEXT.contains(name) && !echoed && field.getValueOrDefault(response) instanceof String text) {
                return text;
            }
        }
        return "";
    }

    /** An element of one of the lists of a response. */
    private record Item(String list, Object value) {}

    /** What is listed. A response may have several lists, which pages fill one after the other in an order of their own. */
    private static List<Item> items(SdkResponse response) {
        List<Item> items = new ArrayList<>();
        for (SdkField<?> field : response.sdkFields()) {
            if (field.marshallingType().equals(MarshallingType.LIST)
                    && field.getValueOrDefault(response) instanceof Collection<?> many) {
                many.forEach(one -> items.add(new Item(field.memberName(), one)));
            }
        }
        return items;
    }

    private void refuseOthers(Listing listing, Requests requests, List<Listing> all) {
        String changed = listing.token.substring(0, listing.token.length() / 2)
                + (listing.token.charAt(listing.token.length() / 2) == 'A' ? 'B' : 'A')
                + listing.token.substring(listing.token.length() / 2 + 1);
        refuse(listing, requests, changed, "changed");
        refuse(listing, requests, "AAAAexampleAAAA", "made up");
        all.stream()
                .filter(other -> !other.equals(listing))
                .findFirst()
                .ifPresent(other -> refuse(
                        listing,
                        requests,
                        other.token,
                        "of " + other.operation.operation().name()));
        Answer stranger = subject.probe()
                .call(
                        listing.operation,
                        request(listing.operation, requests, listing.limited, listing.tokenMember, listing.token),
                        subject.user("210987654321", TestIdentities.EVERYTHING),
                        TestServer.REGION);
        if (stranger.succeeded()) {
            add("token", listing.operation, "another account's token gives " + stranger.told());
        }
    }

    private void refuse(Listing listing, Requests requests, String token, String what) {
        Answer answer = next(listing.operation, requests, listing.limited, listing.tokenMember, token);
        Set<String> documented = listing.operation.operation().errors().stream()
                .filter(error -> error.shape().matches("(?i)(invalid|expired).*(token|marker|continuation).*"))
                .filter(error -> !error.shape().matches("(?i).*clienttoken.*"))
                .map(ModeledError::shape)
                .collect(Collectors.toSet());
        Set<String> expected = documented.isEmpty() ? REFUSALS : documented;
        boolean byCode = listing.operation.operation().errors().stream()
                .anyMatch(error ->
                        documented.contains(error.shape()) && error.code().equals(answer.code()));
        if (!expected.contains(answer.code()) && !byCode) {
            add("token", listing.operation, "a token " + what + " gives " + answer.told() + ", not " + expected);
        }
    }

    private void add(String rule, BoundOperation operation, String what) {
        subject.findings().add(rule, operation.operation().name(), what.length() > 700 ? what.substring(0, 700) : what);
    }
}
