package dev.handloom.sandbox.hands.bubblewrap;

import dev.handloom.kit.DataFolder;
import dev.handloom.sandbox.hands.HandProvider;
import dev.handloom.sandbox.hands.HandsSettings;
import dev.handloom.sandbox.hands.SandboxContract;
import dev.handloom.sandbox.hands.handd.HandFolders;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

class BubblewrapHandTest extends SandboxContract {
    @Override
    protected HandProvider provider(Path data, HandsSettings settings) {
        return new BubblewrapHands(new HandFolders(new DataFolder(data)), settings, Clock.systemUTC());
    }

    @Override
    protected void kill() {
        handds().forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    protected int sandboxes() {
        return handds().size();
    }

    /** The first processes of the sandboxes: bwrap's command names the data folder, and handd is its child. */
    private List<ProcessHandle> handds() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.startsWith("/.hands/handd"))
                        .isPresent())
                .filter(process -> process.parent()
                        .flatMap(parent -> parent.info().commandLine())
                        .filter(line -> line.contains(data.toString()))
                        .isPresent())
                .toList();
    }
}
