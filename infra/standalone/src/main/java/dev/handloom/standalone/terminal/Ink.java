package dev.handloom.standalone.terminal;

/** The few colours in use: the terminal's own sixteen, so that they suit whatever theme its owner chose. */
public enum Ink {
    BOLD("1", "22"), FAINT("2", "22"), RED("31", "39"), GREEN("32", "39"), YELLOW("33", "39"), CYAN("36", "39");

    private final String on;
    private final String off;

    Ink(String on, String off) {
        this.on = "\033[" + on + "m";
        this.off = "\033[" + off + "m";
    }

    public String on() {
        return on;
    }

    public String off() {
        return off;
    }
}
