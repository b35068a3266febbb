package dev.handloom.standalone.launcher;

/** The command line cannot be followed; the message says what is wrong with it. */
final class Misuse extends RuntimeException {
    Misuse(String message) {
        super(message);
    }
}
