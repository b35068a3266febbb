package dev.handloom.standalone.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Adds up what was heard. Times of tools are the log's own; the first token is timed where the reader sits. */
final class Totals {
    private final Set<String> events = new HashSet<>();
    private final Map<String, Instant> running = new HashMap<>();
    private final List<Duration> firstTokens = new ArrayList<>();
    private long saidNanos;
    private int modelCalls;
    private long inputTokens;
    private long outputTokens;
    private int toolCalls;
    private int toolFailures;
    private Duration toolTime = Duration.ZERO;
    private @Nullable Instant toolsSince;
    private @Nullable Duration firstToken;
    private long askedNanos;
    private boolean waiting;

    /** The user's message is being sent. */
    void said(long nanos) {
        saidNanos = nanos;
    }

    /** @param nanos when it was heard */
    void add(Heard heard, long nanos) {
        var id = heard.id();
        if (id != null) {
            events.add(id);
        }
        switch (heard) {
            case Heard.RequestBegan _ -> {
                modelCalls++;
                askedNanos = nanos;
                waiting = true;
            }
            case Heard.TextGrew _ -> answerBegan(nanos);
            case Heard.Spoke _ -> answerBegan(nanos);
            case Heard.ToolAsked asked -> {
                answerBegan(nanos);
                toolCalls++;
                if (running.isEmpty()) {
                    toolsSince = asked.at();
                }
                running.put(asked.id(), asked.at());
            }
            case Heard.ToolAnswered answer -> answered(answer);
            case Heard.RequestEnded ended -> {
                waiting = false;
                inputTokens += ended.inputTokens();
                outputTokens += ended.outputTokens();
            }
            case Heard.TextBegan _ -> {}
            case Heard.Errored _ -> {}
            case Heard.Rested _ -> {}
            case Heard.Terminated _ -> {}
            case Heard.Other _ -> {}
        }
    }

    private void answerBegan(long nanos) {
        if (waiting) {
            waiting = false;
            firstTokens.add(Duration.ofNanos(nanos - askedNanos));
            if (firstToken == null) {
                firstToken = Duration.ofNanos(nanos - saidNanos);
            }
        }
    }

    private void answered(Heard.ToolAnswered answer) {
        if (running.remove(answer.askedId()) == null) {
            return;
        }
        if (answer.failed()) {
            toolFailures++;
        }
        if (running.isEmpty() && toolsSince != null) {
            toolTime = toolTime.plus(Duration.between(toolsSince, answer.at()));
        }
    }

    int events() {
        return events.size();
    }

    int modelCalls() {
        return modelCalls;
    }

    long inputTokens() {
        return inputTokens;
    }

    long outputTokens() {
        return outputTokens;
    }

    int toolCalls() {
        return toolCalls;
    }

    int toolFailures() {
        return toolFailures;
    }

    /** How long at least one tool was running. */
    Duration toolTime() {
        return toolTime;
    }

    /** From the user's message to the model's first token; null when there was none. */
    @Nullable
    Duration firstToken() {
        return firstToken;
    }

    /** From a model request to its first token, in the middle of all requests; null when there was none. */
    @Nullable
    Duration firstTokenMedian() {
        var sorted = firstTokens.stream().sorted().toList();
        return sorted.isEmpty() ? null : sorted.get(sorted.size() / 2);
    }
}
