package dev.handloom.sandbox.hands.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.NotFoundException;
import dev.handloom.sandbox.hands.handd.Sandbox;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A container that the engine removes, with its volumes, as soon as its first process ends. */
record Container(DockerClient engine, String id) implements Sandbox {
    private static final Logger log = LoggerFactory.getLogger(Container.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    @Override
    public boolean alive() {
        try {
            return Boolean.TRUE.equals(engine.inspectContainerCmd(id).exec().getState().getRunning());
        } catch (NotFoundException removed) {
            return false;
        } catch (RuntimeException engineSilent) {
            log.debug("the engine does not say whether container {} lives: {}", id, engineSilent.toString());
            return true;
        }
    }

    @Override
    public boolean end(Duration within) {
        long until = System.nanoTime() + within.toNanos();
        while (true) {
            var why = "the engine is still at it";
            try {
                engine.removeContainerCmd(id).withForce(true).withRemoveVolumes(true).exec();
                return true;
            } catch (NotFoundException removed) {
                return true;
            } catch (ConflictException beingRemoved) {
                // The engine is at it already.
            } catch (RuntimeException failed) {
                why = failed.toString();
            }
            if (System.nanoTime() > until || Thread.currentThread().isInterrupted()) {
                log.warn("container {} could not be removed: {}", id, why);
                return false;
            }
            try {
                Thread.sleep(LOOK_EVERY);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
