package dev.handloom.standalone.launcher;

import dev.handloom.standalone.start.Introduction;
import dev.handloom.standalone.start.Platform;
import dev.handloom.standalone.start.Settings;
import dev.handloom.standalone.start.StartFailure;
import dev.handloom.standalone.terminal.Facts;
import dev.handloom.standalone.terminal.Terminal;
import dev.handloom.standalone.terminal.Took;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** The platform in the foreground, until it is told to stop. */
record Serve(Settings settings, Terminal terminal) {
    void run() throws StartFailure {
        terminal.line(terminal.bold("handloom") + " " + terminal.faint(Version.TEXT) + "\n");
        var platform = Platform.start(settings);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> {
            platform.close();
            terminal.line(terminal.faint("stopped"));
        }));
        terminal.out().print(facts(platform).on(terminal));
        terminal.line("\nready in " + Took.words(platform.startedIn())
                + terminal.faint(" " + terminal.glyphs().between() + " Ctrl-C stops it"));
    }

    private static Facts facts(Platform platform) {
        var facts = new Facts().add("address", platform.url().toString());
        if (!loopback(platform.host())) {
            facts.warn("open to", platform.host() + ": other machines can reach it, and the key is all that guards it");
        }
        var keyFile = platform.keyFile();
        facts.add("key", keyFile == null ? "the one in HANDLOOM_API_KEY" : "in " + keyFile);
        Introduction.model(platform, facts);
        Introduction.hands(platform, facts);
        return facts.add("data", platform.data().toString());
    }

    private static boolean loopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }
}
