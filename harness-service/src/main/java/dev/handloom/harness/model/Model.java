package dev.handloom.harness.model;

import dev.handloom.api.Json;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.Tokens;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Something that speaks the Messages API, or stands in for it. */
public interface Model {
    /**
     * @param modelId   as the agent names it
     * @param effort    low, medium, high, xhigh or max; null leaves it to the model
     * @param speed     standard or fast; null leaves it to the model
     * @param inferenceGeo where it is to be computed, us or global; null leaves it to the server
     * @param system    the system prompt as an array of text blocks, or null
     * @param tools     tool definitions of the Messages API, in a stable order
     * @param messages  user first, then roles in turn; a system message only after a user's; every tool_use is answered
     * @param stable    how many of the messages, from the first on, were in the request before as well
     */
    record Request(
            SessionId session,
            String requestId,
            int attempt,
            String modelId,
            @Nullable String effort,
            @Nullable String speed,
            @Nullable String inferenceGeo,
            @Nullable Json system,
            List<Json> tools,
            List<Message> messages,
            int stable
    ) {
        public Request(
                SessionId session,
                String requestId,
                int attempt,
                String modelId,
                @Nullable String effort,
                @Nullable String speed,
                @Nullable String inferenceGeo,
                @Nullable Json system,
                List<Json> tools,
                List<Message> messages
        ) {
            this(session, requestId, attempt, modelId, effort, speed, inferenceGeo, system, tools, messages,
                    messages.size());
        }
    }

    /** @param role {@code user}, {@code assistant} or {@code system}; {@code content}: verbatim blocks */
    record Message(String role, List<Json> content) {}

    /**
     * One content block.
     *
     * @param number as the listener was told
     * @param json   all of it, as the next request repeats it
     * @param flaw   why this tool_use cannot be carried out, in words for the model; null when it can
     */
    record Block(int number, String type, Json json, @Nullable String flaw) {
        Block(int number, String type, Json json) {
            this(number, type, json, null);
        }
    }

    /** @param stopReason the Messages API's own word; {@code stopDetails} as received, or null */
    record Answer(
            List<Block> blocks,
            Tokens tokens,
            @Nullable String speed,
            String stopReason,
            @Nullable Json stopDetails
    ) {}

    /** Watches an answer grow. Blocks are numbered from 0 in the order they start. Must return at once. */
    interface Listener {
        void started(int block, String type);

        void textAdded(int block, String text);

        /** What the answer is known to have cost so far; each report replaces the one before. */
        void counted(Tokens soFar);
    }

    /** Why there is no answer. */
    class Failed extends Exception {
        private final Kind kind;
        private final Tokens tokens;
        private final @Nullable Duration retryAfter;

        public Failed(Kind kind, String message, Tokens tokens, @Nullable Duration retryAfter) {
            super(message);
            this.kind = kind;
            this.tokens = tokens;
            this.retryAfter = retryAfter;
        }

        public Kind kind() {
            return kind;
        }

        /** What is known to have been spent all the same. */
        public Tokens tokens() {
            return tokens;
        }

        /** What the server asked for, or null. */
        public @Nullable Duration retryAfter() {
            return retryAfter;
        }
    }

    /** The kinds of failure that are treated differently. */
    enum Kind {
        /** 429. */
        RATE_LIMITED,
        /** 529, or an overloaded_error inside a stream. */
        OVERLOADED,
        /** Other 5xx, no connection, time-out, a stream that ended too early. */
        UNAVAILABLE,
        /** 400, 404, 413, 422: the same request will fail again. */
        REJECTED,
        /** 401, 403. */
        UNAUTHORIZED,
        /** 402. */
        BILLING,
        /** None of these: a fault of this program. */
        UNKNOWN
    }

    /** What it is, in words for the operator; never a secret. */
    String describe();

    /** The models there are, as {@code GET /v1/models} answers: an object with {@code data}. */
    JsonNode models() throws IOException, InterruptedException;

    /**
     * Asks, and waits for the whole answer on a virtual thread. Interrupting that thread aborts the request at once.
     *
     * @throws Failed when there is no complete answer; nothing of a cut answer is returned
     */
    Answer ask(Request request, Listener listener) throws Failed, InterruptedException;
}
