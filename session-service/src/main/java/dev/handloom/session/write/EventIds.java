package dev.handloom.session.write;

/** Where decisions get the ids of the events they add ({@code sevt_…}). Each answer is new. */
@FunctionalInterface
public interface EventIds {
    String next();
}
