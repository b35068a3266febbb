package dev.handloom.sandbox.hands.bubblewrap;

import dev.handloom.sandbox.hands.handd.Modes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The /etc of a sandbox: what programs cannot do without, made by us. Nothing of the host's is copied. */
final class Etc {
    private static final Map<String, String> FILES = Map.of(
            "passwd", """
                    root:x:0:0:root:/root:/usr/sbin/nologin
                    agent:x:1000:1000:agent:/tmp:/bin/bash
                    nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
                    """,
            "group", """
                    root:x:0:
                    agent:x:1000:
                    nogroup:x:65534:
                    """,
            "hosts", """
                    127.0.0.1 localhost sandbox
                    ::1 localhost
                    """,
            "nsswitch.conf", """
                    passwd: files
                    group: files
                    hosts: files
                    """);
    /**
     * What is mounted from the host into it when it is there: public certificates, the links by which Debian names awk
     * and the like, and where libraries are. None of it says anything about the host but what /usr says too.
     */
    static final List<String> OF_THE_HOST = List.of("/etc/ssl/certs", "/etc/pki/tls/certs",
            "/etc/pki/ca-trust/extracted",
            "/etc/alternatives", "/etc/ld.so.cache");

    private Etc() {}

    /** @param directory may be there already, from an earlier version */
    static void make(Path directory) throws IOException {
        Modes.directory(directory, "rwxr-xr-x");
        for (var file : FILES.entrySet()) {
            var draft = directory.resolve("." + UUID.randomUUID());
            Modes.file(draft, "rw-r--r--", file.getValue().getBytes(StandardCharsets.UTF_8));
            Files.move(draft, directory.resolve(file.getKey()), StandardCopyOption.ATOMIC_MOVE);
        }
        // The places to mount on must be there: the directory is mounted read-only.
        for (var host : OF_THE_HOST) {
            var place = directory.resolve(host.substring("/etc/".length()));
            if (Files.isDirectory(Path.of(host))) {
                Files.createDirectories(place);
            } else if (Files.isRegularFile(Path.of(host)) && !Files.exists(place)) {
                Modes.file(place, "rw-r--r--", new byte[0]);
            }
        }
    }
}
