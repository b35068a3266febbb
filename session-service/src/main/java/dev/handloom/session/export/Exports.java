package dev.handloom.session.export;

import dev.handloom.api.session.SessionId;
import dev.handloom.kit.log.RawLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.axonframework.serialization.SerializationException;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** Writes logs as JSON Lines and says whether a log, or an export of one, is sound. In bounded memory. */
@Component
public class Exports {
    private static final int SLICE = 500;
    private static final long SLICE_BYTES = 4L << 20;

    private final RawLog log;
    private final Clock clock;
    private final String product;

    /** @param version as the running jar's manifest says; Spring Boot finds it */
    Exports(RawLog log, Clock clock, @Value("${spring.application.version:unpackaged}") String version) {
        this.log = log;
        this.clock = clock;
        this.product = "handloom " + version;
    }

    /**
     * Writes the events from the first to {@code head}. If the session is erased meanwhile, there is no trailer.
     *
     * @throws IOException when nobody listens any more
     */
    public void write(SessionId session, long head, OutputStream out) throws IOException {
        var chain = new Chain();
        put(out, Line.header(session, head, clock.instant(), product));
        for (long done = 0; done < head;) {
            var slice = slice(session, done, head);
            if (slice.isEmpty() || slice.stream().anyMatch(RawLog.Raw::isErased)) {
                return;
            }
            for (var raw : slice) {
                put(out, chain.close(Line.open(raw)));
            }
            done += slice.size();
        }
        put(out, Line.trailer(head, chain.hash()));
    }

    private List<RawLog.Raw> slice(SessionId session, long done, long head) {
        return log.slice(session, done + 1, (int) Math.min(SLICE, head - done), SLICE_BYTES);
    }

    private static void put(OutputStream out, String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Whether something holds.
     *
     * @param hash   over all events, as an export of them would end; null when it does not hold
     * @param broken the first position, or line, where it does not; null when it holds
     */
    public record Verdict(long events, @Nullable String hash, @Nullable Long broken, @Nullable String problem) {
        static Verdict broken(long events, long where, String problem) {
            return new Verdict(events, null, where, problem);
        }
    }

    /** Reads the log again, from its first event to {@code head}. {@link Verdict#broken} is a position. */
    public Verdict verify(SessionId session, long head) {
        var chain = new Chain();
        var audit = new Audit(log, session);
        for (long done = 0; done < head;) {
            List<RawLog.Raw> slice;
            try {
                slice = slice(session, done, head);
            } catch (SerializationException damaged) {
                return damage(session, done, head, damaged);
            }
            if (slice.isEmpty()) {
                return Verdict.broken(head, done + 1, "there is no event here");
            }
            for (var raw : slice) {
                var problem = raw.isErased() ? "what it said was erased" : audit.add(raw);
                if (problem != null) {
                    return Verdict.broken(head, ++done, problem);
                }
                chain.close(Line.open(raw));
                done++;
            }
        }
        return new Verdict(head, chain.hash(), null, null);
    }

    /** Which event of the slice it is. */
    private Verdict damage(SessionId session, long done, long head, SerializationException found) {
        for (long place = done + 1; place <= head; place++) {
            try {
                log.slice(session, place, 1, SLICE_BYTES);
            } catch (SerializationException damaged) {
                return Verdict.broken(head, place, String.valueOf(damaged.getMessage()));
            }
        }
        throw found;
    }

    /** Whether the chain of an export holds. {@link Verdict#broken} is a line. */
    public Verdict check(InputStream export) throws IOException {
        ExportReader reader;
        try {
            reader = new ExportReader(export);
        } catch (BrokenExport broken) {
            return Verdict.broken(0, broken.line(), broken.reason());
        }
        try {
            while (reader.next() != null) {
                // Only the chain is looked at.
            }
            return new Verdict(reader.events(), reader.hash(), null, null);
        } catch (BrokenExport broken) {
            return Verdict.broken(reader.events(), broken.line(), broken.reason());
        }
    }
}
