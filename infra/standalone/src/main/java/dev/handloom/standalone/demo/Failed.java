package dev.handloom.standalone.demo;

/** The demo could not be played to its end; the message says why, for the one who watches. */
final class Failed extends Exception {
    Failed(String message) {
        super(message);
    }
}
