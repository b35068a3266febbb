package dev.handloom.kit.http;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import tools.jackson.databind.JsonNode;

/** A small API of its own, with the manners of the real one. */
@SpringBootConfiguration
@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
@Import({HttpConfiguration.class, ErrorPage.class, Loom.Threads.class})
class Loom {
    @Bean
    NotBuilt shuttles() {
        return new NotBuilt("shuttles arrive with the weaving issue", "/v1/shuttles/**");
    }

    @Bean
    NotBuilt looms() {
        return new NotBuilt("everything below threads but the threads", "/v1/threads/**");
    }

    @RestController
    static class Threads {
        private static final int THREADS = 7;
        private static final Instant SPUN = Instant.parse("2026-03-15T10:00:00Z");

        @PostMapping("/v1/echo")
        JsonNode echo(Fields body) {
            return body.know("name").json();
        }

        @GetMapping("/v1/threads")
        BidirectionalPageCursor<String> list(Query query) {
            var range = query.times("created_at");
            var paging = Paging.eitherWay(query, "threads", Paging.Limits.USUAL, false).within(range);
            var order = paging.scanAscending()
                    ? IntStream.range(0, THREADS)
                    : IntStream.range(0, THREADS).map(i -> THREADS - 1 - i);
            var from = paging.from();
            var scanned = order.mapToObj(Threads::key)
                    .filter(key -> from == null || (paging.scanAscending()
                            ? key.id().compareTo(from.id()) > 0
                            : key.id().compareTo(from.id()) < 0))
                    .limit(paging.fetch())
                    .toList();
            var gone = query.one("gone");
            return paging.bidirectional(scanned, key -> key,
                    key -> Optional.of(key.id()).filter(id -> !id.equals(gone)));
        }

        private static Paging.Key key(int i) {
            return new Paging.Key(SPUN.plusSeconds(i), "thread_" + i);
        }

        @GetMapping("/v1/threads/{id}")
        Map<String, List<String>> one(@PathVariable String id, Query query) {
            return switch (id) {
                case "broken" -> throw new IllegalStateException("the secret detail");
                case "full" -> throw new IllegalStateException(
                        new SQLiteException("full", SQLiteErrorCode.SQLITE_FULL));
                case "busy" -> throw new IllegalStateException(
                        new SQLiteException("io", SQLiteErrorCode.SQLITE_IOERR_WRITE));
                case "conflict" -> throw Problem.conflict("thread is knotted");
                default -> Map.of("types", query.all("types"));
            };
        }
    }
}
