package dev.handloom.sandbox.hands.jvm;

import dev.handloom.sandbox.hands.jvm.FileRefused.Errno;
import java.util.ArrayList;
import java.util.List;

/** An absolute path without {@code .}, {@code ..} or empty names. {@code ..} is resolved by name, as a shell does it. */
record Route(List<String> names) {
    static final Route ROOT = new Route(List.of());
    private static final int PATH_CHARS_MAX = 4096;
    private static final int NAME_CHARS_MAX = 255;

    /** @param path taken from the root when it is relative */
    static Route of(String path) throws FileRefused {
        if (path.length() > PATH_CHARS_MAX) {
            throw new FileRefused(Errno.ENAMETOOLONG, path.substring(0, NAME_CHARS_MAX) + "…");
        }
        if (path.indexOf('\0') >= 0) {
            throw new FileRefused(Errno.EINVAL, path.replace('\0', '?'));
        }
        return ROOT.to(path);
    }

    /** Where {@code path} leads from here; an absolute one leads there from anywhere. */
    Route to(String path) throws FileRefused {
        var steps = path.startsWith("/") ? new ArrayList<String>() : new ArrayList<>(names);
        for (var name : path.split("/", -1)) {
            if (name.equals("..")) {
                if (!steps.isEmpty()) {
                    steps.removeLast();
                }
            } else if (!name.isEmpty() && !name.equals(".")) {
                if (name.length() > NAME_CHARS_MAX) {
                    throw new FileRefused(Errno.ENAMETOOLONG, name);
                }
                steps.add(name);
            }
        }
        return new Route(List.copyOf(steps));
    }

    Route parent() {
        return new Route(names.subList(0, Math.max(0, names.size() - 1)));
    }

    Route child(String name) {
        var longer = new ArrayList<>(names);
        longer.add(name);
        return new Route(List.copyOf(longer));
    }

    /** The last name; empty for the root. */
    String name() {
        return names.isEmpty() ? "" : names.getLast();
    }

    boolean isBelow(Route other) {
        return names.size() > other.names.size() && names.subList(0, other.names.size()).equals(other.names);
    }

    @Override
    public String toString() {
        return "/" + String.join("/", names);
    }
}
