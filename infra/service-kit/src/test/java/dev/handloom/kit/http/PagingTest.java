package dev.handloom.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** A list of seven threads, walked page by page. */
@SpringBootTest(
        classes = Loom.class,
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "handloom.api.key=" + Client.KEY, "handloom.data=target", "handloom.api.body-max=64KB",
            "axon.axonserver.enabled=false", "axoniq.update-checker.disabled=true"})
class PagingTest {
    private final Client client;

    PagingTest(@LocalServerPort int port) {
        client = new Client(port);
    }

    private static List<String> ids(Client.Answer page) {
        return page.json().path("data").valueStream().map(id -> id.asString().replace("thread_", "")).toList();
    }

    private List<String> walk(String query, String cursorField, String from) {
        var seen = new ArrayList<String>();
        var page = from;
        while (!page.isEmpty()) {
            var answer = client.get("/v1/threads?" + query + page);
            assertThat(answer.status()).isEqualTo(200);
            seen.addAll(ids(answer));
            var next = answer.json().path(cursorField);
            page = next.isNull() ? "" : "&page=" + next.asString();
        }
        return seen;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6, 7, 8})
    void forwards_every_entry_comes_once_whatever_the_page_size(int limit) {
        assertThat(walk("limit=" + limit, "next_page", "&page=")).containsExactly("6", "5", "4", "3", "2", "1", "0");
        assertThat(walk("order=asc&limit=" + limit, "next_page", "&page="))
                .containsExactly("0", "1", "2", "3", "4", "5", "6");
    }

    @Test
    void backwards_leads_to_the_pages_before() {
        var first = client.get("/v1/threads?limit=3");
        assertThat(first.json().path("prev_page").isNull()).isTrue();
        var second = client.get("/v1/threads?limit=3&page=" + first.json().path("next_page").asString());
        assertThat(ids(second)).containsExactly("3", "2", "1");
        var third = client.get("/v1/threads?limit=3&page=" + second.json().path("next_page").asString());
        assertThat(ids(third)).containsExactly("0");
        assertThat(third.json().path("next_page").isNull()).isTrue();
        var back = client.get("/v1/threads?limit=3&page=" + third.json().path("prev_page").asString());
        assertThat(ids(back)).containsExactly("3", "2", "1");
        var start = client.get("/v1/threads?limit=3&page=" + back.json().path("prev_page").asString());
        assertThat(ids(start)).containsExactly("6", "5", "4");
        assertThat(start.json().path("prev_page").isNull()).isTrue();
        assertThat(ids(client.get("/v1/threads?limit=3&page=" + start.json().path("next_page").asString())))
                .containsExactly("3", "2", "1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"limit=0", "limit=101", "limit=-1", "limit=x", "limit=1&limit=2", "order=sideways",
                "page=nonsense", "page=dGhyZWFkcw", "created_at%5Bgte%5D=yesterday"})
    void a_parameter_out_of_bounds_is_refused_by_name(String query) {
        var answer = client.get("/v1/threads?" + query);
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.message()).startsWith(query.replaceAll("[=&].*", "").replace("%5B", "[").replace("%5D", "]"));
    }

    @Test
    void a_cursor_fits_only_its_own_list_order_and_filter() {
        var page = client.get("/v1/threads?limit=3").json().path("next_page").asString();
        var mangled = page.substring(0, 20) + (page.charAt(20) == 'A' ? 'B' : 'A') + page.substring(21);
        assertThat(client.get("/v1/threads?page=" + mangled).status()).isEqualTo(400);
        assertThat(client.get("/v1/threads?order=asc&page=" + page).message()).contains("order");
        assertThat(client
                .get("/v1/threads?created_at[lt]=2026-03-15T10:00:01Z&page=".replace("[", "%5B").replace("]", "%5D")
                        + page)
                .message()).contains("created_at");
        var foreign = new Cursor("knots", false, false, java.time.Instant.EPOCH, "thread_3").encode();
        assertThat(client.get("/v1/threads?page=" + foreign).message()).contains("not a cursor of this list");
    }

    @Test
    void an_entry_that_goes_while_it_is_listed_takes_no_other_with_it() {
        assertThat(walk("limit=2&gone=thread_3", "next_page", "&page=")).containsExactly("6", "5", "4", "2", "1", "0");
        assertThat(walk("limit=1&gone=thread_6", "next_page", "&page=")).containsExactly("5", "4", "3", "2", "1", "0");
    }

    @Test
    void an_empty_value_counts_as_absent() {
        assertThat(client.get("/v1/threads?limit=&page=&order=&created_at%5Bgte%5D=").status()).isEqualTo(200);
    }
}
