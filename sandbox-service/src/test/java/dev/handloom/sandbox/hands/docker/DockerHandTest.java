package dev.handloom.sandbox.hands.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Container;
import dev.handloom.kit.DataFolder;
import dev.handloom.sandbox.hands.HandProvider;
import dev.handloom.sandbox.hands.HandsSettings;
import dev.handloom.sandbox.hands.SandboxContract;
import dev.handloom.sandbox.hands.handd.HandFolders;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

class DockerHandTest extends SandboxContract {
    @Override
    protected HandProvider provider(Path data, HandsSettings settings) {
        return new DockerHands(new HandFolders(new DataFolder(data)), settings, Clock.systemUTC());
    }

    @Override
    protected void kill() throws Exception {
        try (var engine = new Engine()) {
            for (var container : containers(engine.client())) {
                engine.client().killContainerCmd(container.getId()).exec();
            }
        }
    }

    @Override
    protected int sandboxes() throws Exception {
        try (var engine = new Engine()) {
            return containers(engine.client()).size();
        }
    }

    private List<Container> containers(DockerClient engine) throws Exception {
        var installation = new HandFolders(new DataFolder(data)).installation();
        return engine.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of("handloom.installation", installation))
                .exec();
    }
}
