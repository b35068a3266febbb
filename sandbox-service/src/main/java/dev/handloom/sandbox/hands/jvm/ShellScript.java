package dev.handloom.sandbox.hands.jvm;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.EnvironmentAccess;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotAccess;
import org.graalvm.polyglot.SandboxPolicy;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.io.IOAccess;

/** The embedded shell's script, and the sealed rooms it runs in. One engine serves the JVM and parses the script once. */
final class ShellScript {
    /** Made by the build from src/main/js, where npm is. */
    private static final String RESOURCE = "/jvm-hand/shell.js";
    private static final String JS = "js";

    private ShellScript() {}

    /** Loaded when first used, not when the class is: GraalJS costs a second and 60 MB of jars. */
    private static final class Loaded {
        static final Engine ENGINE = Engine.newBuilder(JS)
                .sandbox(SandboxPolicy.CONSTRAINED)
                .in(InputStream.nullInputStream())
                .out(OutputStream.nullOutputStream())
                .err(OutputStream.nullOutputStream())
                .option("engine.WarnInterpreterOnly", "false")
                .build();
        static final Source SOURCE = source();

        private static Source source() {
            try (var stream = ShellScript.class.getResourceAsStream(RESOURCE)) {
                if (stream == null) {
                    throw new IllegalStateException(RESOURCE + " is not in this build");
                }
                return Source.newBuilder(JS, new InputStreamReader(stream, StandardCharsets.UTF_8), "shell.js").build();
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }

    static boolean isThere() {
        return ShellScript.class.getResource(RESOURCE) != null;
    }

    /**
     * A context with no way out but {@code doors}. The policy makes the engine itself refuse a wider one: no Java
     * classes or reflection, no files, sockets, processes, threads, native code, environment or other languages.
     */
    static Context sealedRoom(Doors doors) {
        var room = Context.newBuilder(JS)
                .engine(Loaded.ENGINE)
                .sandbox(SandboxPolicy.CONSTRAINED)
                .allowHostAccess(HostAccess.newBuilder(HostAccess.CONSTRAINED).allowBufferAccess(true).build())
                .allowIO(IOAccess.NONE)
                .allowPolyglotAccess(PolyglotAccess.NONE)
                .allowEnvironmentAccess(EnvironmentAccess.NONE)
                .allowNativeAccess(false)
                .allowCreateThread(false)
                .allowCreateProcess(false)
                .allowHostClassLoading(false)
                .allowInnerContextOptions(false)
                .in(InputStream.nullInputStream())
                .out(OutputStream.nullOutputStream())
                .err(OutputStream.nullOutputStream())
                .option("js.console", "false")
                .option("js.print", "false")
                .option("js.load", "false")
                .option("js.graal-builtin", "false")
                .option("js.text-encoding", "true")
                .build();
        room.getBindings(JS).putMember("host", doors);
        return room;
    }

    /** Runs the script in a sealed room; afterwards its {@code shell} is there. */
    static void runIn(Context room) {
        room.eval(Loaded.SOURCE);
    }
}
