package dev.handloom.standalone.demo;

import dev.handloom.api.session.SessionId;
import dev.handloom.standalone.start.Door;
import dev.handloom.standalone.start.Introduction;
import dev.handloom.standalone.start.Platform;
import dev.handloom.standalone.start.Settings;
import dev.handloom.standalone.start.StartFailure;
import dev.handloom.standalone.terminal.Facts;
import dev.handloom.standalone.terminal.Took;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** The server the demo plays on. */
sealed interface Ground extends AutoCloseable {
    Api api();

    void introduce(Facts facts);

    /** The session is over: nothing of it may stay behind but its log. */
    void leave(SessionId session) throws IOException, InterruptedException, Api.Refused;

    /** Where the session's log is from now on, and what to try next. */
    String next(Closing closing, SessionId session);

    /** Keeps the server's log when the rest is thrown away; null where there is none of our own. */
    @Nullable
    Path keepLog();

    @Override
    void close();

    /**
     * One that ran before and goes on running.
     *
     * @param key the client key as a shell finds it
     */
    record Found(Api api, String key) implements Ground {
        @Override
        public void introduce(Facts facts) {
            facts.add("platform", api.base() + ", which was running");
        }

        /** To archive a session frees its sandbox. One that still runs is only interrupted. */
        @Override
        public void leave(SessionId session) throws IOException, InterruptedException, Api.Refused {
            var path = "/v1/sessions/" + session.value();
            try {
                api.post(path + "/archive", JsonMapper.shared().createObjectNode());
            } catch (Api.Refused _) {
                var interrupt = JsonMapper.shared().createObjectNode();
                interrupt.putArray("events").addObject().put("type", "user.interrupt");
                api.post(path + "/events", interrupt);
            }
        }

        @Override
        public String next(Closing closing, SessionId session) {
            return closing.next(session, api.base().toString(), key, false);
        }

        @Override
        public @Nullable Path keepLog() {
            return null;
        }

        @Override
        public void close() {}
    }

    /** One made for this demo. */
    final class Made implements Ground {
        private static final String LOG = "server.log";

        private final Platform platform;
        private final Api api;
        private final Path folder;
        private final boolean scratch;
        private final String key;
        private @Nullable Path kept;

        private Made(Platform platform, Path folder, boolean scratch, String key) throws IOException {
            this.platform = platform;
            this.folder = folder;
            this.scratch = scratch;
            this.key = key;
            var file = platform.keyFile();
            this.api = new Api(platform.url(),
                    file == null ? platform.configuredKey() : Files.readString(file).strip());
        }

        /** @param key the client key as a shell will find it at the next server */
        static Made start(Demo.Options options, String key) throws StartFailure, IOException {
            var data = options.data();
            boolean scratch = data == null;
            var folder = data == null ? Files.createTempDirectory("handloom-demo-") : data;
            try {
                var platform = Platform.start(new Settings(0, Door.HOST_USUAL, folder, options.hands(),
                        scratch ? "sqlite" : null,
                        options.verbose() ? null : folder.resolve(LOG), options.verbose(), false));
                return new Made(platform, folder, scratch, key);
            } catch (StartFailure failure) {
                if (scratch) {
                    delete(folder, null);
                }
                throw failure;
            }
        }

        @Override
        public Api api() {
            return api;
        }

        @Override
        public void introduce(Facts facts) {
            facts.add("platform", api.base() + ", started for this demo in " + Took.words(platform.startedIn()));
            Introduction.model(platform, facts);
            Introduction.hands(platform, facts);
            facts.add("data", folder + (scratch ? ", thrown away in the end" : ""));
        }

        @Override
        public void leave(SessionId session) {
            platform.release(session);
        }

        @Override
        public String next(Closing closing, SessionId session) {
            return closing.next(session, "http://" + Door.HOST_USUAL + ":" + Door.PORT_USUAL, key, true);
        }

        @Override
        public @Nullable Path keepLog() {
            var log = folder.resolve(LOG);
            kept = log.toFile().length() == 0 ? null : log;
            return kept;
        }

        @Override
        public void close() {
            platform.close();
            if (scratch) {
                delete(folder, kept);
            }
        }

        private static void delete(Path folder, @Nullable Path kept) {
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    if (kept == null || !kept.startsWith(file)) {
                        Files.deleteIfExists(file);
                    }
                }
            } catch (IOException stays) {
                System.err.println("handloom: " + folder + " could not be removed: " + stays.getMessage());
            }
        }
    }
}
