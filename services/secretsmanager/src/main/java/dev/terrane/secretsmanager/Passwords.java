package dev.terrane.secretsmanager;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import software.amazon.awssdk.services.secretsmanager.model.GetRandomPasswordRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetRandomPasswordResponse;

/** Random passwords. */
final class Passwords {
    private static final long USUAL_LENGTH = 32;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
    private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String DIGITS = "0123456789";
    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    private Passwords() {}

    static GetRandomPasswordResponse make(GetRandomPasswordRequest request) {
        List<String> kinds = kinds(request);
        if (kinds.isEmpty()) {
            throw Refusals.parameter("The character types and excluded characters leave no character.");
        }
        long length = request.passwordLength() == null ? USUAL_LENGTH : request.passwordLength();
        boolean each = !Boolean.FALSE.equals(request.requireEachIncludedType());
        if (each && length < kinds.size()) {
            throw Refusals.parameter("The password length is too short for one character of each included type.");
        }
        List<Character> password = new ArrayList<>();
        if (each) {
            kinds.forEach(kind -> password.add(one(kind)));
        }
        String all = String.join("", kinds);
        while (password.size() < length) {
            password.add(one(all));
        }
        Collections.shuffle(password, RANDOM);
        StringBuilder text = new StringBuilder();
        password.forEach(text::append);
        return GetRandomPasswordResponse.builder()
                .randomPassword(text.toString())
                .build();
    }

    private static List<String> kinds(GetRandomPasswordRequest request) {
        List<String> kinds = new ArrayList<>();
        add(kinds, request, LOWER, !Boolean.TRUE.equals(request.excludeLowercase()));
        add(kinds, request, UPPER, !Boolean.TRUE.equals(request.excludeUppercase()));
        add(kinds, request, DIGITS, !Boolean.TRUE.equals(request.excludeNumbers()));
        add(kinds, request, PUNCTUATION, !Boolean.TRUE.equals(request.excludePunctuation()));
        add(kinds, request, " ", Boolean.TRUE.equals(request.includeSpace()));
        return kinds;
    }

    private static void add(List<String> kinds, GetRandomPasswordRequest request, String kind, boolean wanted) {
        String excluded = request.excludeCharacters() == null ? "" : request.excludeCharacters();
        StringBuilder left = new StringBuilder();
        kind.chars().filter(c -> excluded.indexOf(c) < 0).forEach(c -> left.append((char) c));
        if (wanted && !left.isEmpty()) {
            kinds.add(left.toString());
        }
    }

    private static char one(String kind) {
        return kind.charAt(RANDOM.nextInt(kind.length()));
    }
}
