package dev.handloom.session.export;

import dev.handloom.api.Json;
import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionId;
import dev.handloom.api.session.SessionLog;
import dev.handloom.kit.http.ExactJson;
import dev.handloom.kit.log.RawLog;
import dev.handloom.session.write.EventIds;
import dev.handloom.session.write.ForkRules;
import dev.handloom.session.write.SessionState;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.axonframework.common.IdentifierFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/**
 * Begins a session with the events of an export, and closes what was open in them, all in one append: as a fork of a
 * session that need not be here. Every entry is marked with the origin, so that nobody does again what it says.
 */
@Component
public class Imports {
    private static final int EVENTS_MAX = 100_000;

    private final RawLog log;
    private final EventIds ids;
    private final Clock clock;

    Imports(RawLog log, EventIds ids, Clock clock) {
        this.log = log;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * A whole export that can be stored here.
     *
     * @param origin whose log it is
     * @param hash   of its last event
     */
    public record Arrived(SessionId origin, String hash, SessionState state, List<RawLog.Raw> entries) {}

    /**
     * Reads an export to its end. Nothing is stored. All of it is in memory afterwards.
     *
     * @throws BrokenExport at the first line that does not hold or that nothing here could understand
     */
    public Arrived read(InputStream export) throws IOException {
        var reader = new ExportReader(export);
        var audit = new Audit(log, reader.session());
        var entries = new ArrayList<RawLog.Raw>();
        for (var raw = reader.next(); raw != null; raw = reader.next()) {
            if (entries.size() == EVENTS_MAX) {
                throw reader.broken("an import has at most " + EVENTS_MAX + " events");
            }
            var problem = audit.add(raw);
            if (problem != null) {
                throw reader.broken(problem);
            }
            entries.add(raw);
        }
        var state = audit.state();
        if (state == null) {
            throw reader.broken("there are no events");
        }
        return new Arrived(reader.session(), reader.hash(), state, entries);
    }

    /**
     * @param request of a client who may repeat it, or null
     * @return false when there is a session of that name already, or was
     */
    public boolean store(Arrived arrived, SessionId session, SessionCommand.@Nullable Request request) {
        if (log.head(session) > 0) {
            return false;
        }
        var mark = Map.of(SessionLog.COPIED_FROM, arrived.origin().value());
        var entries = new ArrayList<RawLog.Raw>();
        for (var raw : arrived.entries()) {
            var payload = (ObjectNode) ExactJson.read(raw.payload());
            payload.put("sessionId", session.value());
            entries.add(new RawLog.Raw(raw.position(), newId(), raw.storedType(), raw.revision(), raw.at(), mark,
                    new Json(payload.toString()), 0, null));
        }
        var then = arrived.state();
        long place = then.position();
        for (var event : ForkRules.after(then, session, then.title(), then.metadata(), request, ids,
                clock.instant())) {
            entries.add(log.write(++place, newId(), event, mark));
        }
        return log.begin(session, entries);
    }

    private static String newId() {
        return IdentifierFactory.getInstance().generateIdentifier();
    }
}
