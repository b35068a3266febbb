package dev.handloom.sandbox.hands.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class VirtualFilesTest {
    private static final int BYTES_MAX = 1000;
    private static final int ENTRIES_MAX = 20;

    private final VirtualFiles files = new VirtualFiles(new Space(BYTES_MAX, ENTRIES_MAX),
            InstantSource.fixed(Instant.EPOCH));

    private static Route at(String path) throws FileRefused {
        return Route.of(path);
    }

    private void write(String path, String text) throws FileRefused {
        files.write(at(path), text.getBytes(StandardCharsets.UTF_8), false);
    }

    private void append(String path, String text) throws FileRefused {
        files.write(at(path), text.getBytes(StandardCharsets.UTF_8), true);
    }

    private String read(String path) throws FileRefused {
        return files.read(at(path)).text(StandardCharsets.UTF_8);
    }

    private List<String> all() throws FileRefused {
        var paths = new ArrayList<String>();
        files.walk(Route.ROOT, (route, _) -> paths.add(route.toString()));
        return paths.stream().sorted().toList();
    }

    private static void refused(String errno, ThrowingCallable what) {
        assertThatThrownBy(what).isInstanceOf(FileRefused.class).hasMessageStartingWith(errno);
    }

    @Test
    void a_path_is_resolved_by_its_names() throws FileRefused {
        assertThat(at("//a/./b/../c/")).hasToString("/a/c");
        assertThat(at("../../..")).hasToString("/");
        assertThat(at("/a").to("../b")).hasToString("/b");
        refused("EINVAL", () -> at("/a\0b"));
        refused("ENAMETOOLONG", () -> at("/" + "x".repeat(256)));
        refused("ENAMETOOLONG", () -> at("/x".repeat(2049)));
        assertThat(at("/x".repeat(2048)).names()).hasSize(2048);
    }

    @Test
    void a_file_is_written_replaced_and_added_to() throws FileRefused {
        write("/f", "one");
        append("/f", " two");
        assertThat(read("/f")).isEqualTo("one two");
        write("/f", "three");
        assertThat(read("/f")).isEqualTo("three");
        append("/new", "begun");
        assertThat(read("/new")).isEqualTo("begun");
    }

    @Test
    void what_was_read_stays_as_it_was_read() throws FileRefused {
        write("/f", "one");
        append("/f", " two");
        var read = files.read(at("/f"));
        append("/f", " three");
        write("/f", "xxxxxxxx");
        assertThat(read.text(StandardCharsets.UTF_8)).isEqualTo("one two");
    }

    @Test
    void folders_are_made_with_or_without_their_parents() throws FileRefused {
        refused("ENOENT", () -> files.makeFolder(at("/a/b"), false));
        refused("ENOENT", () -> write("/a/f", ""));
        files.makeFolder(at("/a/b/c"), true);
        files.makeFolder(at("/a/b/c"), true);
        refused("EEXIST", () -> files.makeFolder(at("/a"), false));
        write("/a/f", "");
        refused("ENOTDIR", () -> files.makeFolder(at("/a/f/g"), true));
        refused("ENOTDIR", () -> files.makeFolder(at("/a/f"), true));
        refused("EISDIR", () -> write("/a", ""));
        refused("EISDIR", () -> read("/a"));
        refused("ENOTDIR", () -> read("/a/f/g"));
        assertThat(all()).containsExactly("/", "/a", "/a/b", "/a/b/c", "/a/f");
    }

    @Test
    void links_are_followed_and_a_circle_of_them_is_refused() throws FileRefused {
        files.makeFolder(at("/real"), false);
        files.link("real", at("/relative"));
        files.link("/relative/f", at("/absolute"));
        write("/absolute", "through two links");
        assertThat(read("/real/f")).isEqualTo("through two links");
        assertThat(files.real(at("/absolute"))).hasToString("/real/f");
        files.link("/one", at("/other"));
        files.link("/other", at("/one"));
        refused("ELOOP", () -> read("/one"));
        assertThat(files.exists(at("/one"), true)).isFalse();
        assertThat(files.exists(at("/one"), false)).isTrue();
        files.remove(at("/relative"), true);
        assertThat(read("/real/f")).isEqualTo("through two links");
    }

    @Test
    void two_names_of_a_file_share_what_is_in_it_until_the_last_is_gone() throws FileRefused {
        write("/one", "x".repeat(BYTES_MAX));
        files.name(at("/one"), at("/two"));
        write("/two", "y".repeat(BYTES_MAX));
        assertThat(read("/one")).startsWith("y");
        files.remove(at("/one"), false);
        assertThat(read("/two")).startsWith("y");
        refused("ENOSPC", () -> write("/three", "z"));
        files.remove(at("/two"), false);
        write("/three", "z".repeat(BYTES_MAX));
    }

    @Test
    void a_move_replaces_a_file_but_no_folder_with_something_in_it() throws FileRefused {
        write("/f", "moved");
        write("/g", "replaced");
        files.move(at("/f"), at("/g"));
        assertThat(read("/g")).isEqualTo("moved");
        assertThat(files.exists(at("/f"), true)).isFalse();
        files.makeFolder(at("/a/b"), true);
        files.makeFolder(at("/c/d"), true);
        refused("ENOTEMPTY", () -> files.move(at("/a"), at("/c")));
        refused("EISDIR", () -> files.move(at("/g"), at("/c")));
        refused("ENOTDIR", () -> files.move(at("/a"), at("/g")));
        refused("EINVAL", () -> files.move(at("/a"), at("/a/b/x")));
        files.move(at("/a"), at("/c/d"));
        assertThat(all()).containsExactly("/", "/c", "/c/d", "/c/d/b", "/g");
    }

    @Test
    void a_copy_is_a_thing_of_its_own() throws FileRefused {
        files.makeFolder(at("/a/b"), true);
        write("/a/f", "one");
        files.link("f", at("/a/l"));
        files.mode(at("/a/f"), 0755);
        refused("EISDIR", () -> files.copy(at("/a"), at("/z"), false));
        refused("EINVAL", () -> files.copy(at("/a"), at("/a/b/z"), true));
        files.copy(at("/a"), at("/z"), true);
        append("/a/f", " changed");
        assertThat(read("/z/l")).isEqualTo("one");
        assertThat(files.look(at("/z/f"), true).mode()).isEqualTo(0755);
        assertThat(all()).contains("/z/b", "/z/f", "/z/l");
    }

    @Test
    void a_folder_goes_with_what_is_in_it_only_if_asked_so() throws FileRefused {
        files.makeFolder(at("/a/b"), true);
        refused("ENOTEMPTY", () -> files.remove(at("/a"), false));
        files.remove(at("/a"), true);
        refused("ENOENT", () -> files.remove(at("/a"), true));
        refused("EPERM", () -> files.remove(at("/"), true));
        assertThat(all()).containsExactly("/");
    }

    @Test
    void bytes_are_bounded_at_the_last_one() throws FileRefused {
        write("/f", "x".repeat(BYTES_MAX - 1));
        write("/g", "x");
        refused("ENOSPC", () -> write("/h", "x"));
        refused("ENOSPC", () -> append("/g", "x"));
        assertThat(read("/g")).isEqualTo("x");
        files.remove(at("/g"), false);
        write("/h", "x");
        refused("ENOSPC", () -> files.copy(at("/f"), at("/copy"), false));
    }

    @Test
    void entries_are_bounded_at_the_last_one_and_given_back() throws FileRefused {
        files.makeFolder(at("/d"), false);
        for (int i = 1; i < ENTRIES_MAX; i++) {
            write("/d/" + i, "");
        }
        refused("ENOSPC", () -> write("/one-more", ""));
        refused("ENOSPC", () -> files.makeFolder(at("/one-more"), true));
        refused("ENOSPC", () -> files.link("x", at("/one-more")));
        refused("ENOSPC", () -> files.name(at("/d/1"), at("/one-more")));
        files.remove(at("/d"), true);
        for (int i = 0; i < ENTRIES_MAX; i++) {
            write("/" + i, "");
        }
        refused("ENOSPC", () -> write("/one-more", ""));
    }

    @Test
    void what_is_written_to_the_null_device_is_gone_and_costs_nothing() throws FileRefused {
        files.makeFolder(at("/dev"), false);
        append("/dev/null", "x".repeat(BYTES_MAX));
        append("/dev/null", "x".repeat(2 * BYTES_MAX));
        assertThat(read("/dev/null")).isEmpty();
        write("/f", "x".repeat(BYTES_MAX));
    }

    @Test
    void a_tree_as_deep_as_it_has_entries_can_be_removed() throws FileRefused {
        int deep = 9_000;
        var deepFiles = new VirtualFiles(new Space(BYTES_MAX, deep + 10), InstantSource.system());
        deepFiles.makeFolder(at("/0"), false);
        for (int i = 1; i < deep; i++) {
            deepFiles.makeFolder(at("/new"), false);
            deepFiles.move(at("/" + (i - 1)), at("/new/" + (i - 1)));
            deepFiles.move(at("/new"), at("/" + i));
        }
        deepFiles.remove(at("/" + (deep - 1)), true);
        assertThat(deepFiles.list(Route.ROOT)).isEmpty();
    }

    @Test
    void hands_share_a_space_and_one_that_has_ended_gives_its_own_back() throws FileRefused {
        var taken = new AtomicLong();
        var ofOne = new Space(taken, BYTES_MAX, BYTES_MAX, ENTRIES_MAX);
        var one = new VirtualFiles(ofOne, InstantSource.system());
        var other = new VirtualFiles(new Space(taken, BYTES_MAX, BYTES_MAX, ENTRIES_MAX), InstantSource.system());
        one.write(at("/f"), new byte[BYTES_MAX - 1], false);
        refused("ENOSPC: no more than 1000 bytes in the files of all hands",
                () -> other.write(at("/f"), new byte[2], false));
        other.write(at("/f"), new byte[1], false);
        one.remove(at("/f"), false);
        other.write(at("/f"), new byte[BYTES_MAX], false);
        other.remove(at("/f"), false);
        one.write(at("/f"), new byte[BYTES_MAX], false);
        ofOne.close();
        other.write(at("/f"), new byte[BYTES_MAX], false);
        refused("ENOSPC", () -> one.write(at("/g"), new byte[1], false));
    }

    @Test
    void a_link_takes_the_room_of_its_target() throws FileRefused {
        files.link("x".repeat(BYTES_MAX - 1), at("/l"));
        refused("ENOSPC", () -> files.link("xx", at("/m")));
        files.remove(at("/l"), false);
        write("/f", "x".repeat(BYTES_MAX));
    }
}
