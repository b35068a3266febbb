package dev.handloom.load.workload;

import dev.handloom.load.client.Api;
import dev.handloom.load.client.Message;
import java.io.IOException;
import java.io.PrintStream;

/** A server under measurement, and the means to measure it. */
public final class Bench implements AutoCloseable {
    /** The turn of the instant model: one message, one answer. */
    static final Message SAY_OK = Message.rehearse("[{\"say\":\"ok\"}]");
    private static final int WARM_UP_SESSIONS = 16;

    private final Target target;
    private final Plan plan;
    private final PrintStream out;
    private final Api api;
    private final Api.Loom loom;
    private boolean warm;

    /** @param out told what is going on, line by line */
    public Bench(Target target, Plan plan, PrintStream out) throws IOException {
        this.target = target;
        this.plan = plan;
        this.out = out;
        this.api = new Api(target.url(), target.key());
        this.loom = api.loom();
    }

    Target target() {
        return target;
    }

    Plan plan() {
        return plan;
    }

    Api api() {
        return api;
    }

    Api.Loom loom() {
        return loom;
    }

    Crowd crowd(int sessions) throws IOException {
        return new Crowd(this, sessions);
    }

    void say(String line) {
        out.println(line);
    }

    /** A JVM is slow at first; what it is like then is not what is measured here. */
    void warmUp() throws IOException, InterruptedException {
        if (!warm) {
            say("warming up for " + plan.warmUp().toSeconds() + " s");
            try (var crowd = crowd(WARM_UP_SESSIONS)) {
                crowd.talk(SAY_OK, (_, _) -> {}, plan.warmUp());
            }
            warm = true;
        }
    }

    @Override
    public void close() throws IOException {
        api.close();
    }
}
