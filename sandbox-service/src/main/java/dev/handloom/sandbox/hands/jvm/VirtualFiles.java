package dev.handloom.sandbox.hands.jvm;

import dev.handloom.sandbox.hands.jvm.FileRefused.Errno;
import dev.handloom.sandbox.hands.jvm.Node.Folder;
import dev.handloom.sandbox.hands.jvm.Node.Link;
import dev.handloom.sandbox.hands.jvm.Node.Plain;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One hand's files: a tree in memory, bounded by its {@link Space}, that knows nothing of the machine's own files.
 * Permission bits are kept but nobody is refused by them: there is one user. All methods may be called from any thread.
 */
final class VirtualFiles {
    private static final int LINKS_FOLLOWED_MAX = 40;
    private static final byte[] NOTHING = {};
    private static final Route NULL_DEVICE = new Route(List.of("dev", "null"));

    private final Space space;
    private final InstantSource clock;
    private final Folder root;
    private long numbers = 1;

    VirtualFiles(Space space, InstantSource clock) {
        this.space = space;
        this.clock = clock;
        this.root = new Folder(numbers++, clock.instant());
    }

    /** A place in the tree, links on the way followed: a folder, a name in it, and what is there now. */
    private record Place(Route route, Folder folder, @Nullable Node node) {}

    private Place place(Route route, boolean followLast) throws FileRefused {
        return place(route, followLast, LINKS_FOLLOWED_MAX);
    }

    private Place place(Route route, boolean followLast, int linksLeft) throws FileRefused {
        var at = Route.ROOT;
        Folder folder = root;
        Node node = root;
        for (var name : route.names()) {
            if (!(node instanceof Folder inner)) {
                throw new FileRefused(node == null ? Errno.ENOENT : Errno.ENOTDIR, route.toString());
            }
            folder = inner;
            node = folder.entries().get(name);
            boolean last = at.names().size() == route.names().size() - 1;
            if (node instanceof Link link && (followLast || !last)) {
                if (linksLeft == 0) {
                    throw new FileRefused(Errno.ELOOP, route.toString());
                }
                var onward = at.to(link.target());
                for (var rest : route.names().subList(at.names().size() + 1, route.names().size())) {
                    onward = onward.child(rest);
                }
                return place(onward, followLast, linksLeft - 1);
            }
            at = at.child(name);
        }
        return new Place(at, folder, node);
    }

    private Node existing(Route route, boolean followLast) throws FileRefused {
        var node = place(route, followLast).node();
        if (node == null) {
            throw new FileRefused(Errno.ENOENT, route.toString());
        }
        return node;
    }

    private Folder folder(Route route) throws FileRefused {
        if (!(existing(route, true) instanceof Folder folder)) {
            throw new FileRefused(Errno.ENOTDIR, route.toString());
        }
        return folder;
    }

    /** @param followLast whether a link that leads nowhere counts as nothing */
    synchronized boolean exists(Route route, boolean followLast) {
        try {
            return place(route, followLast).node() != null;
        } catch (FileRefused _) {
            return false;
        }
    }

    /** @param followLast whether a link at the very end is followed too */
    synchronized Node look(Route route, boolean followLast) throws FileRefused {
        return existing(route, followLast);
    }

    synchronized Content read(Route route) throws FileRefused {
        return switch (existing(route, true)) {
            case Plain plain -> plain.content();
            case Folder _ -> throw new FileRefused(Errno.EISDIR, route.toString());
            case Link _ -> throw new FileRefused(Errno.ELOOP, route.toString());
        };
    }

    /** Replaces what is there, or adds to its end. The folder must exist. The bytes are kept, not copied. */
    synchronized void write(Route route, byte[] written, boolean append) throws FileRefused {
        var content = route.equals(NULL_DEVICE) ? NOTHING : written;
        var place = place(route, true);
        var plain = switch (place.node()) {
            case Plain there -> there;
            case null -> new Plain(numbers, clock.instant());
            case Folder _ -> throw new FileRefused(Errno.EISDIR, route.toString());
            case Link _ -> throw new FileRefused(Errno.ELOOP, route.toString());
        };
        if (place.node() == null) {
            add(place, plain);
        }
        space.take((append ? plain.roomWith(content.length) : content.length) - plain.room(), route);
        if (append) {
            plain.append(content);
        } else {
            plain.replace(content);
        }
        plain.changed(clock.instant());
    }

    /** @param parents make missing parents as well, and do not mind a folder that is there already */
    synchronized void makeFolder(Route route, boolean parents) throws FileRefused {
        for (int depth = parents ? 1 : route.names().size(); depth < route.names().size(); depth++) {
            makeIfMissing(new Route(route.names().subList(0, depth)));
        }
        if (parents) {
            makeIfMissing(route);
        } else {
            add(place(route, false), new Folder(numbers, clock.instant()));
        }
    }

    private void makeIfMissing(Route route) throws FileRefused {
        var place = place(route, true);
        if (place.node() == null) {
            add(place, new Folder(numbers, clock.instant()));
        } else if (!(place.node() instanceof Folder)) {
            throw new FileRefused(Errno.ENOTDIR, route.toString());
        }
    }

    record Found(Route route, Node node) {}

    /** What is in the folder, by name. */
    synchronized List<Found> list(Route route) throws FileRefused {
        return folder(route).entries()
                .entrySet()
                .stream()
                .map(entry -> new Found(route.child(entry.getKey()), entry.getValue()))
                .toList();
    }

    synchronized void remove(Route route, boolean recursive) throws FileRefused {
        var place = place(route, false);
        var node = existing(route, false);
        if (node == root) {
            throw new FileRefused(Errno.EPERM, "/");
        }
        if (node instanceof Folder folder && !folder.entries().isEmpty() && !recursive) {
            throw new FileRefused(Errno.ENOTEMPTY, route.toString());
        }
        drop(place, node);
    }

    /** As rename(2): what is at the new place is replaced, unless that is a folder with something in it. */
    synchronized void move(Route from, Route to) throws FileRefused {
        var source = place(from, false);
        var node = existing(from, false);
        var target = place(to, false);
        if (target.node() == node) {
            return;
        }
        if (node == root || target.route().isBelow(source.route())) {
            throw new FileRefused(Errno.EINVAL, to.toString());
        }
        if (target.node() instanceof Folder there) {
            if (!(node instanceof Folder)) {
                throw new FileRefused(Errno.EISDIR, to.toString());
            }
            if (!there.entries().isEmpty()) {
                throw new FileRefused(Errno.ENOTEMPTY, to.toString());
            }
        } else if (target.node() != null && node instanceof Folder) {
            throw new FileRefused(Errno.ENOTDIR, to.toString());
        }
        if (target.node() != null) {
            drop(target, target.node());
        }
        source.folder().entries().remove(source.route().name());
        target.folder().entries().put(target.route().name(), node);
    }

    /** Copies a file, a link as a link, or with {@code recursive} a folder and what is in it. */
    synchronized void copy(Route from, Route to, boolean recursive) throws FileRefused {
        switch (existing(from, false)) {
            case Plain plain -> {
                write(to, plain.content().copy(), false);
                existing(to, true).mode(plain.mode());
            }
            case Link link -> link(link.target(), to);
            case Folder folder -> {
                if (!recursive) {
                    throw new FileRefused(Errno.EISDIR, from.toString());
                }
                if (to.equals(from) || to.isBelow(from)) {
                    throw new FileRefused(Errno.EINVAL, to.toString());
                }
                makeFolder(to, true);
                for (var name : List.copyOf(folder.entries().keySet())) {
                    copy(from.child(name), to.child(name), true);
                }
            }
        }
    }

    /** A second name for a file. */
    synchronized void name(Route existing, Route additional) throws FileRefused {
        if (!(existing(existing, true) instanceof Plain plain)) {
            throw new FileRefused(Errno.EPERM, existing.toString());
        }
        add(place(additional, false), plain);
        plain.named(1);
    }

    /** A symbolic link, whose target need not exist. */
    synchronized void link(String target, Route route) throws FileRefused {
        space.take(target.length(), route);
        try {
            add(place(route, false), new Link(numbers, target, clock.instant()));
        } catch (FileRefused refused) {
            space.give(target.length(), 0);
            throw refused;
        }
    }

    synchronized Route real(Route route) throws FileRefused {
        existing(route, true);
        return place(route, true).route();
    }

    synchronized void mode(Route route, int bits) throws FileRefused {
        existing(route, true).mode(bits);
    }

    synchronized void changed(Route route, Instant at) throws FileRefused {
        existing(route, true).changed(at);
    }

    /** Shows the place and what is below it, links not followed; a folder's entries only if its visit returned true. */
    synchronized void walk(Route from, BiPredicate<Route, Node> visit) throws FileRefused {
        var left = new ArrayList<>(List.of(new Found(real(from), existing(from, true))));
        while (!left.isEmpty()) {
            var next = left.removeLast();
            if (visit.test(next.route(), next.node()) && next.node() instanceof Folder folder) {
                folder.entries().forEach((name, node) -> left.add(new Found(next.route().child(name), node)));
            }
        }
    }

    private void add(Place place, Node node) throws FileRefused {
        if (place.node() != null) {
            throw new FileRefused(Errno.EEXIST, place.route().toString());
        }
        space.takeEntry(place.route());
        numbers++;
        place.folder().entries().put(place.route().name(), node);
    }

    private void drop(Place place, Node node) {
        place.folder().entries().remove(place.route().name());
        forget(node);
    }

    /** Not by recursion: a tree can be as deep as it has entries. */
    private void forget(Node node) {
        var left = new ArrayList<>(List.of(node));
        while (!left.isEmpty()) {
            switch (left.removeLast()) {
                case Plain plain -> {
                    plain.named(-1);
                    space.give(plain.names() == 0 ? plain.room() : 0, 1);
                }
                case Folder folder -> {
                    left.addAll(folder.entries().values());
                    space.give(0, 1);
                }
                case Link link -> space.give(link.target().length(), 1);
            }
        }
    }
}
