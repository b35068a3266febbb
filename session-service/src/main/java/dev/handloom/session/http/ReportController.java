package dev.handloom.session.http;

import dev.handloom.api.session.Tokens;
import dev.handloom.kit.http.Paging;
import dev.handloom.kit.http.Problem;
import dev.handloom.kit.http.Query;
import dev.handloom.kit.projection.Projections;
import dev.handloom.session.read.SessionIndex;
import dev.handloom.session.read.Slice;
import dev.handloom.session.read.Slice.By;
import dev.handloom.session.read.ToolReport;
import dev.handloom.session.read.UsageReport;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What the projections say: sessions, usage, tool calls (docs/PROJECTIONS.md). */
@RestController
@RequestMapping("/handloom/v1")
class ReportController {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Paging.Limits LIMITS = new Paging.Limits(100, 1_000);
    private static final Set<String> RUNNERS = Set.of("hands", "client", "mcp");

    private final Projections projections;
    private final SessionIndex sessions;
    private final UsageReport usage;
    private final ToolReport tools;

    ReportController(Projections projections, SessionIndex sessions, UsageReport usage, ToolReport tools) {
        this.projections = projections;
        this.sessions = sessions;
        this.usage = usage;
        this.tools = tools;
    }

    private AsOf asOf(String projection) {
        projections.await(projection);
        return AsOf.of(projections.reach(projection));
    }

    @GetMapping("/sessions")
    Report<ObjectNode> sessions(Query query) {
        var asOf = asOf(SessionIndex.NAME);
        var created = query.times("created_at");
        var paging = Paging.newestFirst(query, "handloom_sessions", LIMITS).within(created);
        var status = query.one("status");
        var filter = new SessionIndex.Filter(query.one("agent_id"), null,
                status == null ? SessionController.statuses(query) : SessionController.known("status", Set.of(status)),
                created.after(), created.from(), created.before(), created.upTo(),
                query.bool("include_archived", false), query.one("title"), paging.fetch());
        var cursor = paging.from();
        var from = cursor == null ? null : SessionIndex.Place.of(cursor.at(), cursor.id());
        var page = paging.page(sessions.listed(filter, !paging.scanAscending(), from),
                one -> new Paging.Key(one.createdAt(), one.id()), one -> Optional.of(session(one)));
        return new Report<>(page.data(), page.nextPage(), asOf);
    }

    private static ObjectNode session(SessionIndex.Listed one) {
        var shown = JSON.createObjectNode()
                .put("id", one.id())
                .put("type", "session")
                .put("status", one.status())
                .put("title", one.title());
        shown.putObject("agent").put("id", one.agentId()).put("version", one.agentVersion());
        shown.put("environment_id", one.environmentId())
                .put("archived", one.archived())
                .put("created_at", one.createdAt().toString())
                .put("updated_at", one.updatedAt().toString());
        tokens(one.tokens(), shown.putObject("tokens"));
        return shown.put("turns", one.turns())
                .put("model_requests", one.requests())
                .put("open_calls", one.openCalls());
    }

    private static void tokens(Tokens tokens, ObjectNode shown) {
        shown.put("input", tokens.input())
                .put("output", tokens.output())
                .put("cache_creation_5m", tokens.cacheWritten5m())
                .put("cache_creation_1h", tokens.cacheWritten1h())
                .put("cache_read", tokens.cacheRead());
    }

    @GetMapping("/usage")
    Report<ObjectNode> usage(Query query) {
        var slice = slice(query, EnumSet.of(By.SESSION, By.AGENT, By.DAY), By.AGENT);
        var asOf = asOf(UsageReport.NAME);
        return report(usage.lines(slice), slice, UsageReport.Line::key, line -> {
            var shown = keyed(slice, line.key());
            tokens(line.tokens(), shown.putObject("tokens"));
            shown.put("model_requests", line.requests())
                    .put("failed_model_requests", line.failedRequests())
                    .put("errors", line.errors())
                    .put("active_seconds", line.activeSeconds())
                    .put("cost_usd", line.cost() == null ? null : line.cost().stripTrailingZeros().toPlainString());
            line.unpriced().forEach(shown.putArray("models_without_price")::add);
            return shown;
        }, asOf);
    }

    @GetMapping("/tools")
    Report<ObjectNode> tools(Query query) {
        var slice = slice(query, EnumSet.allOf(By.class), By.TOOL);
        var asOf = asOf(ToolReport.NAME);
        return report(tools.lines(slice), slice, ToolReport.Line::key, line -> {
            var shown = keyed(slice, line.key())
                    .put("calls", line.calls())
                    .put("started", line.started())
                    .put("answered", line.answered())
                    .put("errors", line.errors())
                    .put("cut_off", line.cutOff())
                    .put("open", line.open());
            times(line.queue(), shown.putObject("queue_ms"));
            times(line.run(), shown.putObject("run_ms"));
            return shown;
        }, asOf);
    }

    private static void times(ToolReport.Times times, ObjectNode shown) {
        shown.put("count", times.count());
        shown.set("p50", millis(times.p50()));
        shown.set("p95", millis(times.p95()));
        shown.set("p99", millis(times.p99()));
    }

    private static JsonNode millis(@Nullable Double millis) {
        return millis == null ? JSON.nullNode() : JSON.valueToTree(Math.round(millis * 1_000) / 1_000.0);
    }

    private static ObjectNode keyed(Slice slice, String key) {
        return JSON.createObjectNode().put(slice.by().name().toLowerCase(Locale.ROOT), key);
    }

    private static Slice slice(Query query, Set<By> known, By otherwise) {
        var by = otherwise;
        var asked = query.one("group_by");
        if (asked != null) {
            by = known.stream()
                    .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(asked))
                    .findFirst()
                    .orElseThrow(() -> Problem.invalid("group_by", "must be one of "
                            + known.toString().toLowerCase(Locale.ROOT) + ", not \"" + asked + "\""));
        }
        var limit = query.integer("limit", 1, LIMITS.max());
        var runner = known.contains(By.TOOL) ? query.one("runner") : null;
        if (runner != null && !RUNNERS.contains(runner)) {
            throw Problem.invalid("runner", "must be hands, client or mcp, not \"" + runner + "\"");
        }
        return new Slice(by, day(query, "from"), day(query, "to"), query.one("agent_id"), query.one("session_id"),
                runner, after(query), limit == null ? LIMITS.otherwise() : Math.toIntExact(limit));
    }

    private static @Nullable LocalDate day(Query query, String name) {
        var text = query.one(name);
        try {
            return text == null ? null : LocalDate.parse(text);
        } catch (DateTimeException _) {
            throw Problem.invalid(name, "must be a day such as 2026-03-15");
        }
    }

    private static @Nullable String after(Query query) {
        var page = query.one("page");
        try {
            return page == null ? null : new String(Base64.getUrlDecoder().decode(page), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw Problem.invalid("page", "is not a cursor of this list");
        }
    }

    private static <T> Report<ObjectNode> report(
            List<T> lines,
            Slice slice,
            Function<T, String> key,
            Function<T, ObjectNode> shown,
            AsOf asOf
    ) {
        boolean more = lines.size() > slice.limit();
        var page = more ? lines.subList(0, slice.limit()) : lines;
        var next = more
                ? Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(key.apply(page.getLast()).getBytes(StandardCharsets.UTF_8))
                : null;
        return new Report<>(page.stream().map(shown).toList(), next, asOf);
    }
}
