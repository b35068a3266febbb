package dev.handloom.sandbox.hands.handd;

import java.io.IOException;

/** The other end does not keep to the protocol: it is not handd, or no longer. */
final class BadFrame extends IOException {
    BadFrame(String message) {
        super(message);
    }
}
