package dev.handloom.standalone.terminal;

import java.nio.charset.Charset;

/** The signs in use, in a form the output's character set can hold. */
public enum Glyphs {
    UNICODE("●", "❯", "✔", "✘", "–", "…", "·", "│", "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"), ASCII("*", ">", "+", "x", "-", "...", "-", "|", "|/-\\");

    private final String dot;
    private final String prompt;
    private final String yes;
    private final String no;
    private final String absent;
    private final String more;
    private final String between;
    private final String edge;
    private final String spinner;

    Glyphs(
            String dot,
            String prompt,
            String yes,
            String no,
            String absent,
            String more,
            String between,
            String edge,
            String spinner
    ) {
        this.dot = dot;
        this.prompt = prompt;
        this.yes = yes;
        this.no = no;
        this.absent = absent;
        this.more = more;
        this.between = between;
        this.edge = edge;
        this.spinner = spinner;
    }

    static Glyphs of(Charset charset) {
        return charset.canEncode() && charset.newEncoder().canEncode("●❯✔⠋│") ? UNICODE : ASCII;
    }

    public String dot() {
        return dot;
    }

    public String prompt() {
        return prompt;
    }

    public String yes() {
        return yes;
    }

    public String no() {
        return no;
    }

    public String absent() {
        return absent;
    }

    public String more() {
        return more;
    }

    public String between() {
        return between;
    }

    public String edge() {
        return edge;
    }

    /** @param beat counts up while something goes on */
    public String spinner(long beat) {
        return String.valueOf(spinner.charAt((int) (beat % spinner.length())));
    }
}
