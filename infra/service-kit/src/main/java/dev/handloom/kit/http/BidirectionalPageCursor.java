package dev.handloom.kit.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One page of a list that can be walked both ways, on the wire. The cursors are null at the list's ends. */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record BidirectionalPageCursor<T>(
        List<T> data,
        @JsonProperty("next_page") @Nullable String nextPage,
        @JsonProperty("prev_page") @Nullable String prevPage
) {}
