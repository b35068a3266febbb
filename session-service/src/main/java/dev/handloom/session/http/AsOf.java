package dev.handloom.session.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.handloom.kit.log.LogSource.Reach;

/**
 * How fresh an answer is, on the wire.
 *
 * @param position every event up to this global index of the log is in it
 * @param caughtUp nothing that was acknowledged before the request is missing
 */
record AsOf(long position, @JsonProperty("caught_up") boolean caughtUp) {
    static AsOf of(Reach reach) {
        return new AsOf(reach.position(), reach.caughtUp());
    }
}
