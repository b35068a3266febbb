package dev.handloom.harness.context;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import org.springframework.stereotype.Component;

/** Transcripts, kept so that the next request reads only the events since the last one. */
@Component
public class Contexts {
    /** Characters of all kept transcripts together; the least used are read again from the log when needed. */
    private static final long KEPT_CHARACTERS_MAX = 64L << 20;
    private static final int FIXED_WEIGHT = 1000;

    private final SessionLog log;
    private final Cache<SessionId, Transcript> kept = Caffeine.newBuilder()
            .maximumWeight(KEPT_CHARACTERS_MAX)
            .weigher((SessionId _, Transcript transcript) -> (int) Math.min(
                    Integer.MAX_VALUE, FIXED_WEIGHT + transcript.size()))
            .build();

    public Contexts(SessionLog log) {
        this.log = log;
    }

    /** The session's transcript up to the end of its log. */
    public Transcript of(SessionId session) {
        var transcript = kept.get(session, _ -> new Transcript());
        synchronized (transcript) {
            long before = transcript.size();
            boolean more;
            do {
                var slice = log.slice(session, transcript.position() + 1, SessionLog.SLICE_MAX);
                slice.forEach(transcript::add);
                more = !slice.isEmpty();
            } while (more);
            if (transcript.size() != before) {
                kept.put(session, transcript);
            }
        }
        return transcript;
    }

    public void forget(SessionId session) {
        kept.invalidate(session);
    }
}
