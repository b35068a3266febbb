package dev.handloom.standalone.demo;

import dev.handloom.api.session.SessionId;
import dev.handloom.standalone.terminal.Facts;
import dev.handloom.standalone.terminal.Terminal;
import dev.handloom.standalone.terminal.Took;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What is said when the session is over: the totals, where its log is, and what to try next. */
record Closing(Terminal terminal) {
    String totals(Totals totals) {
        var facts = new Facts()
                .add("events", count(totals.events()))
                .add("model calls", count(totals.modelCalls()))
                .add("tokens", totals.inputTokens() + totals.outputTokens() == 0
                        ? "none: no model was asked"
                        : count(totals.inputTokens()) + " in, " + count(totals.outputTokens()) + " out")
                .add("tool calls", count(totals.toolCalls()) + " in " + Took.words(totals.toolTime())
                        + (totals.toolFailures() == 0
                                ? ""
                                : ", " + count(totals.toolFailures()) + " answered with an error"));
        var first = totals.firstToken();
        var median = totals.firstTokenMedian();
        return facts.add("first token", first == null || median == null
                ? "none"
                : Took.words(first) + " after the message, " + Took.words(median) + " in the median model call")
                .on(terminal);
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /**
     * @param base where the session's log can be read; or, when its server is gone, where the next one will be
     * @param key  the client key as a shell finds it
     */
    String next(SessionId session, String base, String key, boolean gone) {
        var path = "/v1/sessions" + (gone ? "" : "/" + session.value() + "/events");
        var loop = gone
                ? "for await (const s of sessions.list()) console.log(s.id, s.status);"
                : "for await (const e of sessions.events.list(\"" + session.value() + "\")) console.log(e.type);";
        return (gone
                ? step("the log of this session went with its platform; for one that stays",
                        "./handloom serve", "./handloom demo")
                : "")
                + step(gone ? "what it keeps" : "the log of this session",
                        "curl -s -H \"x-api-key: " + key + "\" \\",
                        "  " + base + path)
                + step("the same with the official SDK",
                        "npm install @anthropic-ai/sdk@1.12.0",
                        "ANTHROPIC_BASE_URL=" + base + " \\",
                        "ANTHROPIC_API_KEY=" + key + " \\",
                        "  node --input-type=module -e '",
                        "    import Anthropic from \"@anthropic-ai/sdk\";",
                        "    const sessions = new Anthropic().beta.sessions;",
                        "    " + loop + "'");
    }

    private String step(String why, String... commands) {
        return "\n " + terminal.faint("# " + why) + "\n"
                + Stream.of(commands).map(command -> " " + command + "\n").collect(Collectors.joining());
    }
}
