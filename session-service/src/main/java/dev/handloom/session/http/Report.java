package dev.handloom.session.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of what a projection says, on the wire.
 *
 * @param nextPage null on the last page
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
record Report<T>(
        List<T> data,
        @JsonProperty("next_page") @Nullable String nextPage,
        @JsonProperty("as_of") AsOf asOf
) {}
