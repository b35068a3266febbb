package dev.handloom.standalone.start;

import dev.handloom.kit.DataFolder;
import dev.handloom.kit.log.LogUnusable;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.web.server.PortInUseException;

/** Why the platform did not start: one line for the operator. */
public final class StartFailure extends Exception {
    private static final int CAUSES_MAX = 50;

    private final boolean misuse;

    private StartFailure(String line, boolean misuse, Throwable cause) {
        super(line, cause);
        this.misuse = misuse;
    }

    /** Whether a setting is wrong, rather than the world. */
    public boolean misuse() {
        return misuse;
    }

    /** Never null: the constructor asks for a line. */
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }

    static StartFailure of(Throwable failed) {
        // The deepest cause that says something knows most.
        return Stream.iterate(failed, cause -> cause != null, Throwable::getCause)
                .limit(CAUSES_MAX)
                .toList()
                .reversed()
                .stream()
                .<StartFailure>mapMulti((cause, known) -> {
                    switch (cause) {
                        case DataFolder.Unusable e -> known.accept(world(e.getMessage(), failed));
                        case LogUnusable e -> known.accept(world(e.getMessage(), failed));
                        case Door.Shut e -> known.accept(world(e.getMessage(), failed));
                        case PortInUseException e -> known.accept(world(
                                "port " + e.getPort() + " is in use by another program", failed));
                        case UncheckedIOException e -> known.accept(world(e.getMessage(), failed));
                        case BindException e -> known.accept(wrongValue(e, failed));
                        case IllegalArgumentException e when namesSetting(e) -> known.accept(
                                new StartFailure(String.valueOf(e.getMessage()), true, failed));
                        default -> {}
                    }
                })
                .findFirst()
                .orElseGet(() -> world(root(failed) + " (--verbose shows more)", failed));
    }

    private static StartFailure world(@Nullable String line, Throwable failed) {
        return new StartFailure(String.valueOf(line), false, failed);
    }

    /** Our own settings records name what is wrong; for other types Spring only names the setting. */
    private static StartFailure wrongValue(BindException wrong, Throwable failed) {
        var root = root(wrong);
        return new StartFailure(root.startsWith("handloom.") ? root : wrong.getName() + ": " + root, true, failed);
    }

    private static boolean namesSetting(IllegalArgumentException wrong) {
        var message = wrong.getMessage();
        return message != null && (message.startsWith("handloom.") || message.startsWith("server."));
    }

    private static String root(Throwable failed) {
        var root = failed;
        for (int depth = 0; root.getCause() != null && depth < CAUSES_MAX; depth++) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.toString() : root.getMessage();
    }
}
