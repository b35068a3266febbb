package dev.handloom.sandbox.hands.docker;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.LogConfig;
import com.github.dockerjava.api.model.Ulimit;
import com.github.dockerjava.api.model.Volume;
import dev.handloom.sandbox.hands.HandsSettings;
import dev.handloom.sandbox.hands.handd.HandFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a hand's container may do: nothing but run programs in its own files. */
final class Hardened {
    static final String HANDD = "/.hands/handd";
    private static final long OPEN_FILES = 4096;
    private static final String RUN = "uid=1000,gid=1000,mode=700,size=64m,noexec,nosuid,nodev";

    private Hardened() {}

    /** @param handd to be used instead of the image's own */
    static HostConfig config(HandsSettings settings, HandFolder folder, Optional<Path> handd) {
        long memory = settings.memory().toBytes();
        return HostConfig.newHostConfig()
                .withNetworkMode("none")
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges"))
                .withReadonlyRootfs(true)
                .withPidsLimit((long) settings.pids())
                .withMemory(memory)
                .withMemorySwap(memory)
                .withNanoCPUs(Math.round(settings.cpus() * 1_000_000_000))
                .withUlimits(List.of(new Ulimit("core", 0L, 0L), new Ulimit("nofile", OPEN_FILES, OPEN_FILES)))
                .withLogConfig(new LogConfig(LogConfig.LoggingType.NONE))
                .withTmpFs(Map.of(
                        "/run/hands", RUN,
                        "/tmp", "size=" + settings.tmp().toBytes() + ",mode=1777,nosuid,nodev"))
                .withBinds(binds(folder, handd))
                .withAutoRemove(true);
    }

    private static List<Bind> binds(HandFolder folder, Optional<Path> handd) {
        var binds = new ArrayList<Bind>();
        binds.add(new Bind(folder.sockets().toString(), new Volume(HandFolder.SOCKETS_INSIDE), AccessMode.ro));
        handd.ifPresent(program -> binds.add(new Bind(program.toString(), new Volume(HANDD), AccessMode.ro)));
        return binds;
    }
}
