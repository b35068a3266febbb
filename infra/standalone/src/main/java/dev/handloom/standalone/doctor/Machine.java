package dev.handloom.standalone.doctor;

import java.io.IOException;
import java.util.Map;

/** The programs of this machine that the platform builds with, or makes sandboxes with. */
record Machine(Map<String, String> environment) {
    private static final int JAVA = 25;
    /** As HandsSettings has it. */
    private static final String IMAGE_USUAL = "handloom/sandbox:1";

    Finding java() {
        var version = Runtime.version();
        var what = version + ", " + System.getProperty("java.home");
        return version.feature() == JAVA
                ? Finding.good("java", what)
                : Finding.wrong("java", what, "the platform is built for and tested on 25; set JAVA_HOME to one");
    }

    static Finding maven() {
        return Command.run("mvn", "-B", "--version")
                .filter(Command.Ran::well)
                .map(ran -> Finding.good("maven", ran.firstLine().replaceFirst(" \\(.*", "")))
                .orElseGet(() -> Finding.absent("maven", "not here; only builds need it",
                        "install Maven 3.8.7 or newer"));
    }

    Finding docker() {
        var image = image();
        var engine = DockerEngine.at(environment.getOrDefault("DOCKER_HOST", ""));
        try {
            var version = engine.version();
            return engine.hasImage(image)
                    ? Finding.good("docker", "engine " + version + " with image " + image)
                    : Finding.absent("docker", "engine " + version + ", but not the image " + image,
                            "./handloom image");
        } catch (IOException silent) {
            return Finding.absent("docker", "no engine answers at " + engine.host() + ": " + silent.getMessage(),
                    "install and start Docker for the strongest sandbox");
        }
    }

    private String image() {
        var named = environment.getOrDefault("HANDLOOM_HANDS_IMAGE", "");
        return named.isBlank() ? IMAGE_USUAL : named;
    }

    static Finding bubblewrap() {
        var version = Command.run("bwrap", "--version").filter(Command.Ran::well);
        if (version.isEmpty()) {
            return Finding.absent("bubblewrap", "not here", "on Linux, install the package bubblewrap");
        }
        var what = version.get().firstLine().replaceFirst("^bubblewrap ", "");
        var trial = Command.run("bwrap", "--unshare-all", "--ro-bind", "/", "/", "true");
        return trial.filter(Command.Ran::well).isPresent()
                ? Finding.good("bubblewrap", what)
                : Finding.absent("bubblewrap", what + " cannot make a sandbox here: "
                        + trial.map(Command.Ran::firstLine).orElse("it does not end"),
                        "allow unprivileged user namespaces, or use Docker");
    }

    static Finding npm() {
        return Command.run("npm", "--version")
                .filter(Command.Ran::well)
                .map(ran -> Finding.good("npm", ran.firstLine()))
                .orElseGet(() -> Finding.absent("npm", "not here; a build without it has no embedded shell",
                        "install npm and build again"));
    }

    static Finding compiler() {
        for (var name : new String[]{"musl-gcc", "gcc", "cc"}) {
            var version = Command.run(name, "--version").filter(Command.Ran::well);
            if (version.isPresent()) {
                return Finding.good("C compiler", name + ", " + version.get().firstLine());
            }
        }
        return Finding.absent("C compiler", "not here; a build without it has no program to put into sandboxes",
                "install musl-tools or gcc and build again");
    }
}
