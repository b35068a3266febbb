package dev.handloom.standalone.doctor;

import dev.handloom.kit.DataFolder;
import dev.handloom.kit.FolderLock;
import dev.handloom.standalone.start.Door;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.util.unit.DataSize;

/** Where the platform would stand: its folder and its door. */
record Place(Path data, Door door) {
    private static final DataSize ROOM_LEAST = DataSize.ofGigabytes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    Finding folder() {
        try {
            if (Files.isDirectory(data)) {
                FolderLock.take(new DataFolder(data)).close();
            } else if (!Files.isDirectory(ground()) || !Files.isWritable(ground())) {
                return Finding.fatal("data", data + " cannot be made in " + ground(), "choose another with --data");
            }
            var room = DataSize.ofBytes(Files.getFileStore(ground()).getUsableSpace());
            var what = data + (Files.isDirectory(data) ? "" : ", not made yet") + ", " + words(room) + " free";
            return room.compareTo(ROOM_LEAST) < 0
                    ? Finding.wrong("data", what, "make room: every event is kept there")
                    : Finding.good("data", what);
        } catch (DataFolder.Unusable unusable) {
            return runsAlready()
                    ? Finding.good("data", data + ", in use by the server that runs here")
                    : Finding.fatal("data", String.valueOf(unusable.getMessage()), "choose another with --data");
        } catch (IOException broken) {
            return Finding.wrong("data", data + ": its file system cannot be looked at: " + broken.getMessage(),
                    "choose another with --data");
        }
    }

    /** The folder, or the nearest one above it that is there. */
    private Path ground() {
        var ground = data;
        while (!Files.exists(ground) && ground.getParent() != null) {
            ground = ground.getParent();
        }
        return ground;
    }

    private static String words(DataSize room) {
        return room.toGigabytes() > 0 ? room.toGigabytes() + " GB" : room.toMegabytes() + " MB";
    }

    Finding port() {
        try {
            door.tryIt();
            return Finding.good("port", door.port() + " of " + door.host() + " is free");
        } catch (Door.Shut shut) {
            return runsAlready()
                    ? Finding.good("port", door.port() + " of " + door.host() + ": a handloom server answers")
                    : Finding.fatal("port", String.valueOf(shut.getMessage()), null);
        }
    }

    /** Only a server of this kind gives every answer a request id. */
    private boolean runsAlready() {
        try (var client = HttpClient.newBuilder().connectTimeout(PATIENCE).build()) {
            var answer = client.send(HttpRequest.newBuilder(
                    URI.create("http://" + door.host() + ":" + door.port() + "/v1/models")).timeout(PATIENCE).build(),
                    BodyHandlers.discarding());
            return answer.headers().firstValue("request-id").filter(id -> id.startsWith("req_")).isPresent();
        } catch (IOException | IllegalArgumentException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
