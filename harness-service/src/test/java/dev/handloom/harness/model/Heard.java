package dev.handloom.harness.model;

import dev.handloom.api.session.Tokens;
import java.util.ArrayList;
import java.util.List;

/** Writes down what it is told. */
final class Heard implements Model.Listener {
    private final List<String> words = new ArrayList<>();
    private Tokens tokens = Tokens.NONE;

    @Override
    public void started(int block, String type) {
        words.add(block + " " + type);
    }

    @Override
    public void textAdded(int block, String text) {
        words.add(block + " +" + text);
    }

    @Override
    public void counted(Tokens soFar) {
        tokens = soFar;
    }

    List<String> words() {
        return words;
    }

    Tokens tokens() {
        return tokens;
    }
}
