package dev.handloom.sandbox.hands.handd;

import dev.handloom.api.session.SessionId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What must be known to adopt a hand, kept beside it: outside what the sandbox can see.
 *
 * @param provider who made it
 * @param nonce    with which its handd says hello; 128 random bits
 * @param sandbox  the provider's name for what runs; null until it does
 */
record Card(String provider, SessionId session, String nonce, @Nullable String sandbox) {
    public Card {
        Objects.requireNonNull(provider, "provider");
        Objects.requireNonNull(session, "session");
        Objects.requireNonNull(nonce, "nonce");
    }

    Card running(String name) {
        return new Card(provider, session, nonce, name);
    }
}
