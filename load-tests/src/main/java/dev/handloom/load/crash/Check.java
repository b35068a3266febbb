package dev.handloom.load.crash;

import dev.handloom.load.client.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** What must hold of a session that has come to rest after a crash, whatever happened to it. */
final class Check {
    private static final Pattern DID = Pattern.compile("did (\\S+)");
    private static final String UNKNOWN = "outcome unknown";

    private final Talker talker;
    private final List<String> violations = new ArrayList<>();
    private int calls;
    private int unknown;

    /**
     * @param history the session's events, oldest first
     * @param ledger  the lines of its ledger
     */
    Check(Talker talker, List<JsonNode> history, List<String> ledger) {
        this.talker = talker;
        messages(history);
        results(history, counts(ledger));
        rest(history);
    }

    List<String> violations() {
        return violations;
    }

    /** Tool calls looked at. */
    int calls() {
        return calls;
    }

    /** Calls of which the model was told that nobody knows whether they ran. */
    int unknown() {
        return unknown;
    }

    private void violated(String what) {
        violations.add(talker.session() + ": " + what);
    }

    private void messages(List<JsonNode> history) {
        var said = counts(history.stream()
                .filter(event -> type(event).equals("user.message"))
                .map(event -> Message.wordOf(event.at("/content/0/text").asString()))
                .toList());
        for (var word : talker.acknowledged()) {
            if (said.getOrDefault(word, 0L) != 1) {
                violated("the acknowledged message " + word + " is stored " + said.getOrDefault(word, 0L) + " times");
            }
        }
        said.keySet().removeAll(talker.acknowledged());
        var uncertain = talker.uncertain();
        if (uncertain != null && said.getOrDefault(uncertain, 0L) > 1) {
            violated("the message " + uncertain + " is stored " + said.get(uncertain) + " times");
        }
    }

    private void results(List<JsonNode> history, Map<String, Long> ledger) {
        ledger.forEach((word, times) -> {
            if (times != 1) {
                violated("the command of " + word + " ran " + times + " times");
            }
        });
        var asked = new HashSet<String>();
        var answered = new HashMap<String, Integer>();
        for (var event : history) {
            switch (type(event)) {
                case "agent.tool_use" -> asked.add(event.path("id").asString());
                case "agent.tool_result" -> {
                    answered.merge(event.path("tool_use_id").asString(), 1, Integer::sum);
                    result(event.at("/content/0/text").asString(""), ledger);
                }
                default -> {}
            }
        }
        calls = asked.size();
        for (var id : asked) {
            if (answered.getOrDefault(id, 0) != 1) {
                violated("the call " + id + " has " + answered.getOrDefault(id, 0) + " results");
            }
        }
        if (!asked.containsAll(answered.keySet())) {
            violated("there are results of calls that were never made");
        }
    }

    /** What is said to have been done has been done. */
    private void result(String text, Map<String, Long> ledger) {
        var did = DID.matcher(text);
        if (did.find() && !ledger.containsKey(did.group(1))) {
            violated("the command of " + did.group(1) + " is said to have run, and left no trace");
        }
        if (text.contains(UNKNOWN)) {
            unknown++;
        }
    }

    private void rest(List<JsonNode> history) {
        var last = history.isEmpty() ? null : history.getLast();
        if (last != null && !(type(last).equals("session.status_idle")
                && last.at("/stop_reason/type").asString().equals("end_turn"))) {
            violated("it does not rest at the end of a turn, but at " + last);
        }
    }

    private static String type(JsonNode event) {
        return event.path("type").asString();
    }

    private static Map<String, Long> counts(List<String> words) {
        return new HashMap<>(words.stream().collect(Collectors.groupingBy(word -> word, Collectors.counting())));
    }
}
