package dev.handloom.sandbox.hands.jvm;

import dev.handloom.api.session.SessionId;
import dev.handloom.sandbox.hands.Hand;
import dev.handloom.sandbox.hands.Hand.HandDied;
import dev.handloom.sandbox.hands.Hand.ToolCall;
import dev.handloom.sandbox.hands.HandProvider;
import dev.handloom.sandbox.hands.HandsSettings;
import dev.handloom.sandbox.hands.ToolInput;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * Hands for machines with neither Docker nor bubblewrap: just-bash in GraalJS, on files in memory. No process, file,
 * socket or byte of the machine can be reached from one. They share this JVM's heap and cores and end with it:
 * {@link JvmLimits} holds for them, the memory, cpus, pids and tmp of {@link HandsSettings} do not, and a script that is
 * out to exhaust the heap can disturb the whole platform. {@code &} runs in the foreground, and what git, python or a
 * compiler would do is refused.
 */
@Component
class JvmHands implements HandProvider {
    private static final Logger log = LoggerFactory.getLogger(JvmHands.class);
    private static final Duration WARM_UP_MAX = Duration.ofMinutes(1);
    /** What a session is likely to begin with: parsed and run once, it is quicker for every hand. */
    private static final String WARM_UP = """
            cd /tmp && printf 'b 2\\na 1\\n' > f; f() { local x=$1; [ -f "$x" ] && cat "$x"; }
            for i in 1 2; do f f | grep -n . | sed 's/:/ /' | sort | uniq -c | awk '{ print $1 }' | tr 1 2 | head -n 1; done
            ls -la | wc -l; find . -name 'f*' | xargs cat; out=$(sh -c 'echo hi'); test "$out" = hi || exit 1; rm f""";

    private final HandsSettings settings;
    private final AtomicLong fileBytes = new AtomicLong();
    private volatile boolean asked;
    private volatile boolean serving;
    private final AtomicBoolean warm = new AtomicBoolean();

    JvmHands(HandsSettings settings) {
        this.settings = settings;
    }

    @Override
    public String name() {
        return "jvm";
    }

    /** It is asked last: being asked means that there is nothing better here, and that it will be used. */
    @Override
    public Probe probe() {
        asked = true;
        warmUpOnce();
        return ShellScript.isThere()
                ? new Probe(true, "an embedded bash on files in memory: no git, python, compilers or network in it")
                : new Probe(false, "this build had no npm, so the embedded shell is missing: build where npm is");
    }

    @Override
    public Hand provision(Recipe recipe) throws HandDied {
        if (!ShellScript.isThere()) {
            throw new HandDied(probe().why());
        }
        return new JvmHand(recipe.session(), settings, space());
    }

    private Space space() {
        return new Space(fileBytes, JvmLimits.FILES_BYTES_MAX_OF_ALL, JvmLimits.FILES_BYTES_MAX, JvmLimits.FILES_MAX);
    }

    /** None: hands like these end with their process. */
    @Override
    public List<Hand> adopt() {
        return List.of();
    }

    /** Not before: the server shall not share its cores with this while it starts. */
    @EventListener(ApplicationReadyEvent.class)
    void serverIsReady() {
        serving = true;
        warmUpOnce();
    }

    private void warmUpOnce() {
        if (asked && serving && ShellScript.isThere() && warm.compareAndSet(false, true)) {
            Thread.ofVirtual().name("jvm-hand-warm-up").start(this::warmUp);
        }
    }

    private void warmUp() {
        long begun = System.nanoTime();
        var hand = new JvmHand(new SessionId("sesn_warmup"), settings, space());
        try {
            hand.execute(new ToolCall("warm-up", new ToolInput.Bash(WARM_UP, false, WARM_UP_MAX)));
            log.info("embedded shell warmed up in {} ms", Duration.ofNanos(System.nanoTime() - begun).toMillis());
        } catch (HandDied failed) {
            log.warn("embedded shell not warmed up: {}", failed.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            hand.destroy(WARM_UP_MAX);
        }
    }
}
