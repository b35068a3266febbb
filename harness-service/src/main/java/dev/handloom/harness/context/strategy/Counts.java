package dev.handloom.harness.context.strategy;

/**
 * Estimated tokens of a request, by who speaks.
 *
 * @param user    what users said
 * @param results what tools answered
 * @param notes   summaries, and where something is left out
 */
public record Counts(long tools, long system, long user, long assistant, long results, long notes) {
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);

    public long total() {
        return tools + system + user + assistant + results + notes;
    }

    public Counts plus(Counts other) {
        return new Counts(tools + other.tools, system + other.system, user + other.user, assistant + other.assistant,
                results + other.results, notes + other.notes);
    }
}
