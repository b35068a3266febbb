package dev.handloom.sandbox.hands.docker;

import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Volume;
import dev.handloom.sandbox.hands.Hand;
import dev.handloom.sandbox.hands.Hand.HandDied;
import dev.handloom.sandbox.hands.HandProvider;
import dev.handloom.sandbox.hands.HandsSettings;
import dev.handloom.sandbox.hands.ToolInput;
import dev.handloom.sandbox.hands.handd.HandFolder;
import dev.handloom.sandbox.hands.handd.HandFolders;
import dev.handloom.sandbox.hands.handd.Workshop;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Hands in Docker containers without a network. The engine is asked to start, find and remove them; every call goes over
 * the socket on which the container's handd calls in.
 */
@Component
final class DockerHands implements HandProvider, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DockerHands.class);
    private static final String INSTALLATION = "handloom.installation";
    private static final String SESSION = "handloom.session";
    private static final Duration END_WITHIN = Duration.ofSeconds(20);

    private final Engine engine = new Engine();
    private final HandFolders folders;
    private final HandsSettings settings;
    private final Workshop workshop;

    DockerHands(HandFolders folders, HandsSettings settings, Clock clock) {
        this.folders = folders;
        this.settings = settings;
        this.workshop = new Workshop(name(), folders, settings, clock);
    }

    @Override
    public String name() {
        return "docker";
    }

    @Override
    public Probe probe() {
        return engine.probe(settings.image());
    }

    @Override
    public Hand provision(Recipe recipe) throws HandDied, InterruptedException {
        return workshop.provision(recipe, (folder, nonce) -> start(recipe, folder, nonce));
    }

    private Workshop.Started start(Recipe recipe, HandFolder folder, String nonce) throws HandDied, IOException {
        try {
            var container = new Container(engine.client(), create(recipe, folder, nonce));
            try {
                engine.client().startContainerCmd(container.id()).exec();
            } catch (RuntimeException notStarted) {
                container.end(END_WITHIN);
                throw notStarted;
            }
            return new Workshop.Started(container, container.id());
        } catch (NotFoundException missing) {
            throw new HandDied("the image " + settings.image() + " is missing: run ./handloom image");
        } catch (RuntimeException failed) {
            throw new HandDied("the Docker engine could not start it: " + failed.getMessage());
        }
    }

    private String create(Recipe recipe, HandFolder folder, String nonce) throws IOException {
        return engine.client()
                .createContainerCmd(settings.image())
                .withName("handloom-" + folder.id())
                .withLabels(Map.of(INSTALLATION, folders.installation(), SESSION, recipe.session().value()))
                .withHostConfig(Hardened.config(settings, folder, folders.handd(engine.architecture())))
                .withUser("1000:1000")
                .withHostName("sandbox")
                .withWorkingDir(ToolInput.WORKSPACE)
                .withVolumes(new Volume(ToolInput.WORKSPACE), new Volume("/mnt/session/outputs"))
                .withEnv("HOME=/tmp", "HANDD_NONCE=" + nonce)
                .withEntrypoint(Hardened.HANDD)
                .withCmd("-d", HandFolder.SOCKET_INSIDE, "-T", Long.toString(settings.orphanTimeout().toSeconds()))
                .exec()
                .getId();
    }

    /** Containers of this installation that no card names were being made when the earlier process died. */
    @Override
    public List<Hand> adopt() {
        try {
            if (!workshop.hasLeftovers()) {
                return List.of();
            }
            var running = running();
            var unknown = new HashSet<>(running);
            var adopted = workshop.adopt((id, _) -> {
                unknown.remove(id);
                return running.contains(id)
                        ? Optional.of(new Container(engine.client(), id))
                        : Optional.empty();
            });
            for (var id : unknown) {
                log.info("container {} removed: no hand here has it", id);
                new Container(engine.client(), id).end(END_WITHIN);
            }
            return adopted;
        } catch (IOException | RuntimeException broken) {
            log.warn("what an earlier process left cannot be looked at: {}", broken.toString());
            return List.of();
        }
    }

    private Set<String> running() throws IOException {
        return engine.client()
                .listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(INSTALLATION, folders.installation()))
                .exec()
                .stream()
                .map(com.github.dockerjava.api.model.Container::getId)
                .collect(Collectors.toSet());
    }

    /** Hands live on. The engine's connections stay open: a hand may be being destroyed. */
    @Override
    public void close() {
        workshop.close();
    }
}
