package dev.handloom.sandbox.hands.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.handloom.sandbox.hands.ToolInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The ways out, each tried twice where there are two: by a shell command, and by JavaScript in the very room that the
 * shell's script runs in, as if just-bash had a hole through which a command could run code.
 */
@NeedsTheShell
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EscapesTest {
    private static final Duration INTERRUPTED_WITHIN = Duration.ofMillis(200);

    private Embedded embedded;
    private Context room;

    @BeforeAll
    void open() {
        embedded = new Embedded();
        room = ShellScript.sealedRoom(new Doors(new VirtualFiles(new Space(1 << 20, 100), InstantSource.system())));
    }

    @AfterAll
    void close() {
        embedded.close();
        room.close(true);
    }

    private String js(String code) {
        return room.eval("js", code).toString();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Java", "Polyglot", "Packages", "java", "javax", "com", "org", "JavaImporter", "Graal", "load",
                "loadWithNewGlobal", "print", "console", "require", "process", "Deno", "Bun", "fetch", "XMLHttpRequest",
                "WebSocket", "Worker", "WebAssembly", "importScripts", "read", "readFully", "readline", "quit", "exit",
                "$EXEC",
                "$ENV", "module", "Buffer", "std", "os", "performance", "navigator", "Realm", "ShadowRealm"})
    void the_room_has_no_such_thing(String name) {
        assertThat(js("typeof " + name)).isEqualTo("undefined");
        assertThat(js("typeof globalThis['" + name + "']")).isEqualTo("undefined");
        assertThat(js("Function('return typeof " + name + "')()")).isEqualTo("undefined");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"getClass", "class", "hashCode", "wait", "notify", "clone", "finalize", "superclass", "files",
                "begin", "stop",
                "kind", "text.getClass", "text.declaringClass", "bytes.invoke"})
    void a_door_shows_nothing_of_the_object_behind_it(String member) {
        assertThat(js("typeof host." + member)).isEqualTo("undefined");
    }

    @Test
    void only_the_doors_own_methods_can_be_called() {
        assertThat(js("Object.getOwnPropertyNames(host).sort().join(' ')"))
                .isEqualTo("all bytes chmod cp digest exists "
                        + "fromBase64 link list mkdir mv putBytes putText readlink realpath resolve rm stat stopped symlink text "
                        + "toBase64 utimes");
    }

    @Test
    void an_exception_of_the_host_gives_its_message_and_no_more() {
        var caught = "(() => { try { host.text('/none', true); } catch (e) { return %s; } })()";
        assertThat(js(caught.formatted("e.message"))).isEqualTo("ENOENT: no such file or directory, '/none'");
        for (var member : new String[]{"getClass", "getStackTrace", "getCause", "printStackTrace", "addSuppressed"}) {
            assertThat(js(caught.formatted("typeof e." + member))).isEqualTo("undefined");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"import('fs')", "import('node:child_process')", "import('/etc/passwd')",
                "import('file:///etc/passwd')", "import('java:java.lang.System')",
                "import('http://127.0.0.1:1/x.mjs')"})
    void nothing_can_be_imported(String code) {
        room.eval("js", "globalThis.came = 'nothing yet'; " + code
                + ".then((it) => { came = 'imported ' + it; }, (refused) => { came = 'refused: ' + refused; })");
        assertThat(js("came")).startsWith("refused: ");
    }

    @Test
    void no_other_language_and_no_file_of_the_machine_can_be_evaluated() {
        assertThatThrownBy(() -> room.eval("python", "1")).isInstanceOf(IllegalArgumentException.class);
        assertThat(room.getEngine().getLanguages().keySet()).containsExactly("js");
        assertThatThrownBy(() -> room.eval("js", "Java.type('java.lang.System')"))
                .isInstanceOf(PolyglotException.class);
        assertThatThrownBy(() -> room.eval("js", "load('/etc/passwd')")).isInstanceOf(PolyglotException.class);
        assertThatThrownBy(() -> room.eval("js", "Polyglot.import('x')")).isInstanceOf(PolyglotException.class);
        assertThatThrownBy(() -> room.eval("js", "require('fs')")).isInstanceOf(PolyglotException.class);
    }

    @Test
    void what_the_shell_can_ask_of_its_files_are_virtual_files_only(@TempDir Path folder) throws IOException {
        var secret = Files.writeString(folder.resolve("secret"), "of the machine");
        assertThat(js("host.exists(" + quoted(secret) + ")")).isEqualTo("false");
        assertThatThrownBy(() -> js("host.text(" + quoted(secret) + ", true)")).hasMessageContaining("ENOENT");
        js("host.putText(" + quoted(folder.resolve("new")) + ", 'x', true, false)");
        assertThat(folder.resolve("new")).doesNotExist();
    }

    private static String quoted(Path path) {
        return "'" + path + "'";
    }

    @Test
    void no_command_and_no_tool_sees_a_file_of_the_machine(@TempDir Path folder) throws IOException {
        var secret = Files.writeString(folder.resolve("secret"), "of the machine");
        for (var command : new String[]{"cat %s", "head -c 10 %s", "cat < %s", "source %s", ". %s",
            "ln -s %s /tmp/l; cat /tmp/l",
            "grep . %s", "awk 1 %s", "awk 'BEGIN { while ((getline l < \"%s\") > 0) print l }'", "sed -n 1p %s",
            "sed -n 'r %s' <<< x", "jq -R . %s", "cp %s /tmp/c; cat /tmp/c", "xargs cat <<< %s",
            "cat /proc/self/root%s",
            "cat ../../../../../..%s", "rg . %s", "diff %s /dev/null", "base64 %s", "od -c %s", "find %s", "stat %s",
            "cat file://%s", "mapfile -t a < %s; echo ${a[@]}", "echo \"$(<%s)\""}) {
            var result = embedded.bash(command.formatted(secret));
            assertThat(result.text()).as(command).doesNotContain("of the machine");
        }
        assertThat(embedded.ask(new ToolInput.Read(secret.toString(), 0, 0)).text())
                .endsWith("no such file or directory");
        assertThat(embedded.ask(new ToolInput.Grep("machine", "/")).text()).isEqualTo("no matches");
        assertThat(embedded.ask(new ToolInput.Glob("**/secret", "/")).text()).isEqualTo("no matches");
        embedded.bash("mkdir -p %s; echo overwritten > %s; rm -f %s".formatted(folder, secret, secret));
        embedded.ask(new ToolInput.Write(folder.resolve("new").toString(), "x"));
        assertThat(secret).hasContent("of the machine");
        assertThat(folder).isDirectoryNotContaining(path -> path.endsWith("new"));
    }

    @Test
    void proc_and_the_environment_are_made_up() {
        assertThat(embedded.bash("cat /proc/self/environ /proc/1/environ /proc/self/maps /proc/mounts").isError())
                .isTrue();
        assertThat(embedded.bash("cat /proc/self/comm; hostname; whoami").text())
                .isEqualTo("bash\nlocalhost\nuser\n");
        assertThat(embedded.bash("env; set; echo $PATH").text()).doesNotContain(System.getProperty("user.dir"))
                .doesNotContain(System.getProperty("java.home"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"curl http://127.0.0.1:1/", "wget -q http://127.0.0.1:1/", "nc 127.0.0.1 1", "ping 127.0.0.1",
                "ssh 127.0.0.1", "html-to-markdown http://127.0.0.1:1/", "git clone http://127.0.0.1:1/x"})
    void there_is_no_network_for_a_command(String command) {
        assertThat(embedded.bash(command).text()).contains("not in the embedded sandbox");
    }

    @Test
    void bash_s_own_sockets_are_files_that_are_not_there() {
        assertThat(embedded.bash("cat < /dev/tcp/127.0.0.1/1").isError()).isTrue();
        embedded.bash("echo hello > /dev/tcp/127.0.0.1/1");
        assertThat(embedded.bash("cat /dev/tcp/127.0.0.1/1").text()).isEqualTo("hello\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"js-exec 'process.exit(1)'", "node -e 'process.exit(1)'", "python3 -c 'import os'",
                "sqlite3 :memory:",
                "awk 'BEGIN { system(\"touch /tmp/x\") }'", "awk 'BEGIN { \"id\" | getline x; print x }'",
                "find / -maxdepth 1 -exec /usr/bin/id ';'"})
    void no_command_starts_a_program_of_the_machine(String command) {
        var before = ProcessHandle.current().descendants().count();
        embedded.bash(command);
        assertThat(ProcessHandle.current().descendants().count()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"__proto__", "constructor", "hasOwnProperty", "toString", "globalThis", "host", "shell"})
    void a_variable_may_be_named_like_a_javascript_property(String name) {
        assertThat(embedded.bash(name + "=1; " + name + "() { echo called; }; " + name + "; declare -A m; m[" + name
                + "]=2; echo $" + name + " ${m[" + name + "]}").text()).isEqualTo("called\n1 2\n");
        assertThat(embedded.bash("jq -c . <<< '{\"" + name + "\":{\"x\":1}}'; jq -n '{}." + name + "'").text())
                .isEqualTo("{\"" + name + "\":{\"x\":1}}\nnull\n");
        assertThat(embedded.bash("echo " + name + " works").text()).isEqualTo(name + " works\n");
    }

    @Test
    void a_script_that_does_not_listen_can_be_ended_from_outside() {
        try (var other = ShellScript
                .sealedRoom(new Doors(new VirtualFiles(new Space(1 << 20, 100), InstantSource.system())))) {
            var endless = CompletableFuture.runAsync(() -> other.eval("js",
                    "Promise.resolve().then(() => { try { for (;;); } catch (e) { for (;;); } finally { for (;;); } })"));
            while (!endless.isDone()) {
                interrupt(other);
            }
            assertThatThrownBy(endless::join).hasRootCauseInstanceOf(PolyglotException.class);
        }
    }

    /** One that hits between two of the script's jobs ends the first only, and has to be repeated. */
    private static void interrupt(Context room) {
        try {
            room.interrupt(INTERRUPTED_WITHIN);
        } catch (TimeoutException _) {
            Thread.onSpinWait();
        }
    }
}
