package dev.handloom.load.crash;

import dev.handloom.load.client.Api;
import dev.handloom.load.client.Message;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One session that talks until the server dies under it: each message makes the agent run one command, which leaves the
 * message's own word in a file of the sandbox, the ledger of side effects.
 */
final class Talker {
    static final String LEDGER = "ledger";
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(3);
    private static final int TURNS_MAX = 1000;

    private final String session;
    private final String word;
    private final List<String> acknowledged = new ArrayList<>();
    private @Nullable String uncertain;

    /** @param word begins the words of all its messages */
    Talker(String session, String word) {
        this.session = session;
        this.word = word;
    }

    String session() {
        return session;
    }

    /** The words of the messages that the server said it had stored. */
    List<String> acknowledged() {
        return acknowledged;
    }

    /** The word of the message whose answer did not come, if there was one. */
    @Nullable
    String uncertain() {
        return uncertain;
    }

    void talk(URI server, String key) {
        try (var api = new Api(server, key)) {
            for (int i = 1; i <= TURNS_MAX; i++) {
                uncertain = word + "-" + i;
                api.send(session, work(uncertain));
                acknowledged.add(uncertain);
                uncertain = null;
                while (!api.status(session).equals("idle")) {
                    LockSupport.parkNanos(LOOK_EVERY_NANOS);
                }
            }
        } catch (IOException | RuntimeException died) {
            // As it was meant to.
        }
    }

    private static Message work(String word) {
        return Message.rehearse(word, """
                [{"say": ["I will ", "do it."], "pause_ms": 1, "call": [{"name": "bash", "input":
                  {"command": "echo %s >> %s; echo did %s"}}]},
                 {"say": ["It ", "is done."]}]""".formatted(word, LEDGER, word));
    }
}
