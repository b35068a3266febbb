package dev.handloom.session.read;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which part of the usage or of the tool calls a report is about.
 *
 * @param from  the first day (UTC)
 * @param upTo  the last day
 * @param runner hands, client or mcp; null for all, and for usage, which knows none
 * @param after the key after which the report begins; null for its beginning
 * @param limit the most lines it has, 1 or more
 */
public record Slice(
        By by,
        @Nullable LocalDate from,
        @Nullable LocalDate upTo,
        @Nullable String agentId,
        @Nullable String sessionId,
        @Nullable String runner,
        @Nullable String after,
        int limit
) {
    /** What the lines stand for. */
    public enum By {
        SESSION("session_id"), AGENT("agent_id"), DAY("day"), TOOL("tool");

        private final String column;

        By(String column) {
            this.column = column;
        }

        String column() {
            return column;
        }
    }

    record Where(String sql, List<Object> params) {}

    /**
     * Narrows a query to the rows of the slice.
     *
     * @param rows a table with its condition, such as {@code usage_row where generation = 1}
     */
    Where where(String rows) {
        var params = new ArrayList<Object>();
        var chosen = rows + chosen(params);
        var all = new ArrayList<Object>(params);
        all.addAll(params);
        all.add(limit + 1);
        return new Where(chosen + " and " + by.column() + " in (select distinct " + by.column() + " from " + chosen
                + " order by 1 limit ?)", all);
    }

    private String chosen(List<Object> params) {
        return condition(" and day >= ?", from, params) + condition(" and day <= ?", upTo, params)
                + condition(" and agent_id = ?", agentId, params) + condition(" and session_id = ?", sessionId, params)
                + condition(" and runner = ?", runner, params)
                + condition(" and " + by.column() + " > ?", after, params);
    }

    private static String condition(String sql, @Nullable Object value, List<Object> params) {
        if (value == null) {
            return "";
        }
        params.add(value.toString());
        return sql;
    }
}
