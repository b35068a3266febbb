package dev.handloom.kit.seal;

import dev.handloom.kit.DataFolder;
import dev.handloom.kit.log.StorageFull;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Wrapped keys, a row an owner, in a file of their own (SQLite, {@code synchronous=FULL}), so that a copy of the log is
 * no copy of its keys. What is deleted is overwritten. One connection, used by one thread at a time.
 */
final class KeyFile implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KeyFile.class);
    private static final String[] SCHEMA = {"pragma secure_delete = on",
        "create table if not exists master (id integer primary key check (id = 1), proof blob not null) strict",
        "create table if not exists session_key (owner text primary key, wrapped blob not null) strict, without rowid"};
    private static final byte[] PROOF = "the master key of this file".getBytes(StandardCharsets.US_ASCII);
    /** The second is what a full disk looks like when the shared index of the write-ahead log must grow. */
    private static final Set<SQLiteErrorCode> FULL = Set.of(
            SQLiteErrorCode.SQLITE_FULL, SQLiteErrorCode.SQLITE_IOERR_SHMSIZE);
    /** When a flush fails, the kernel may have dropped what it could not write, and the next flush succeeds without it. */
    private static final Set<SQLiteErrorCode> UNCONFIRMED = Set.of(
            SQLiteErrorCode.SQLITE_IOERR_FSYNC, SQLiteErrorCode.SQLITE_IOERR_DIR_FSYNC);

    private final Path file;
    private @Nullable Connection open;
    private boolean unconfirmed;

    /** @throws DataFolder.Unusable when it is no such file, or cannot be read */
    KeyFile(DataFolder folder) {
        this.file = folder.file("keys.db");
        try {
            open();
        } catch (SQLException broken) {
            throw new DataFolder.Unusable(folder.data(), "keys.db cannot be opened: " + broken.getMessage());
        }
    }

    private synchronized Connection open() throws SQLException {
        var ready = open;
        if (ready == null) {
            var settings = new Properties();
            settings.setProperty("journal_mode", "WAL");
            settings.setProperty("synchronous", "FULL");
            settings.setProperty("busy_timeout", "30000");
            ready = DriverManager.getConnection("jdbc:sqlite:" + file, settings);
            try (var statement = ready.createStatement()) {
                for (var part : SCHEMA) {
                    statement.execute(part);
                }
            } catch (SQLException broken) {
                ready.close();
                throw broken;
            }
            open = ready;
        }
        return ready;
    }

    /** Whether some master key has been used with it. */
    boolean hasMaster() {
        return find("select proof from master where id = 1", null) != null;
    }

    /** From the first time on, only the same master key is right. */
    boolean isRight(MasterKey master) {
        var proof = find("select proof from master where id = 1", null);
        if (proof == null) {
            change("insert into master values (1, ?)", null, master.wrap(PROOF, PROOF));
            return true;
        }
        return master.unwrap(proof, PROOF) != null;
    }

    byte @Nullable [] find(String owner) {
        return find("select wrapped from session_key where owner = ?", owner);
    }

    /** Durable when it returns. A key that is there already stays. */
    void add(String owner, byte[] wrapped) {
        change("insert into session_key values (?, ?) on conflict do nothing", owner, wrapped);
    }

    /** Nothing of it is left in the file or its write-ahead log. */
    void remove(String owner) {
        change("delete from session_key where owner = ?", owner, null);
        change("pragma wal_checkpoint(truncate)", null, null);
    }

    private synchronized byte @Nullable [] find(String query, @Nullable String owner) {
        try (var select = open().prepareStatement(query)) {
            if (owner != null) {
                select.setString(1, owner);
            }
            try (var found = select.executeQuery()) {
                return found.next() ? found.getBytes(1) : null;
            }
        } catch (SQLException broken) {
            discard();
            throw new IllegalStateException("the keys cannot be read", broken);
        }
    }

    private synchronized void change(String statement, @Nullable String owner, byte @Nullable [] wrapped) {
        if (unconfirmed) {
            throw new IllegalStateException("the disk failed while a key was written; restart to go on");
        }
        try (var change = open().prepareStatement(statement)) {
            int next = 1;
            if (owner != null) {
                change.setString(next++, owner);
            }
            if (wrapped != null) {
                change.setBytes(next, wrapped);
            }
            change.execute();
        } catch (SQLException refused) {
            if (refused instanceof SQLiteException sqlite && FULL.contains(sqlite.getResultCode())) {
                // The connection stays: on a full disk there might be no other, and keys must be found meanwhile.
                throw new StorageFull("a key cannot be kept: the disk of the data folder is full", refused);
            }
            unconfirmed = refused instanceof SQLiteException sqlite && UNCONFIRMED.contains(sqlite.getResultCode());
            discard();
            throw new IllegalStateException("the keys cannot be written", refused);
        }
    }

    private void discard() {
        var broken = open;
        open = null;
        try {
            if (broken != null) {
                broken.close();
            }
        } catch (SQLException left) {
            log.warn("a broken connection to {} could not be closed: {}", file, left.getMessage());
        }
    }

    @Override
    public synchronized void close() {
        discard();
    }
}
