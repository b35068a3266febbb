package dev.handloom.api.session;

import dev.handloom.api.Json;
import java.util.List;

/**
 * What a model request was shown: enough to show it again from the log, and to know that it is the same.
 *
 * @param policy   the context strategy with all its fields, as the agent's metadata names them
 * @param hash     SHA-256 in hex of messages, tools and system prompt (docs/CONTEXT.md says how)
 * @param messages how many there were
 * @param tokens   estimated, by who speaks
 * @param expected estimated in all, corrected by what the request before had really taken
 * @param cuts     what was not shown as it was said, and why
 */
public record Viewed(Json policy, String hash, int messages, Estimate tokens, long expected, List<Cut> cuts) {
    /**
     * Tokens.
     *
     * @param notes summaries, and where something is left out
     */
    public record Estimate(long tools, long system, long user, long assistant, long results, long notes) {
        public long total() {
            return tools + system + user + assistant + results + notes;
        }
    }

    /**
     * @param what     left_out, results_cleared, summarised or handed_over
     * @param from,to  positions in the log, first and last
     * @param messages how many messages it concerns
     * @param tokens   estimated, that it saves
     */
    public record Cut(String what, String why, long from, long to, int messages, long tokens) {}
}
