package dev.handloom.kit.http;

import java.util.List;

/**
 * A family of the contract's paths that this version answers with 501 and a reason. A bean of this kind is all a
 * service needs to declare; a controller for a path takes precedence over it.
 *
 * @param reason   names the family and what brings it, in words for the client
 * @param patterns path patterns, such as {@code /v1/files/**}, which also matches {@code /v1/files}
 */
public record NotBuilt(String reason, List<String> patterns) {
    public NotBuilt(String reason, String... patterns) {
        this(reason, List.of(patterns));
    }
}
