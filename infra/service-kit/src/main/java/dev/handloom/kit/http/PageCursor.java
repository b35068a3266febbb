package dev.handloom.kit.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list, on the wire.
 *
 * @param nextPage null on the last page
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record PageCursor<T>(List<T> data, @JsonProperty("next_page") @Nullable String nextPage) {}
