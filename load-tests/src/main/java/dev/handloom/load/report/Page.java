package dev.handloom.load.report;

import java.util.Map;

/** The page RESULTS.md, made from the result files. */
final class Page {
    private static final String HEAD = """
            # Load tests: where we stand

            Written by `load-tests/run` from the files in `results/`; do not edit. The goals are those of the design. The ratio
            is what was measured against the goal: ×1.00 is the goal itself.

            """;
    private static final String FOOT = """

            The client runs on the same cores as the server; what it spends is in the tables (client CPU), and is part of what
            limits turns/s. Absolute numbers hold for the machine that each section names, and for how busy it was.
            """;

    private Page() {}

    static String of(Map<String, Result> results) {
        var page = new StringBuilder(HEAD);
        var standings = new Table("measured on 2 cores with an instant model", "best peer", "goal", "ours",
                "against the goal", "standing");
        for (var standing : new Standings(results).all()) {
            standings.row(standing.what(), standing.bestPeer(), standing.goal(), standing.measured(), standing.ratio(),
                    standing.verdict());
        }
        page.append(standings).append(FOOT);
        results.forEach((workload, result) -> page.append("\n## ")
                .append(workload)
                .append("\n\n")
                .append(Tables.of(result.machine()))
                .append("Code: ")
                .append(result.code())
                .append(". Server: ")
                .append(result.server())
                .append(".\n\n")
                .append(Tables.of(result.measured())));
        return page.toString();
    }
}
