package dev.handloom.kit.projection;

import java.sql.SQLException;
import java.util.Set;
import org.springframework.transaction.TransactionException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Whose fault it is that an event could not be handled. When the store failed (a full disk, say), everybody waits until it
 * works again; when the event itself does not fit, only its session does.
 */
final class Fault {
    /** The row that the event makes is refused; whatever else SQLite says is about the file, not about the row. */
    private static final Set<SQLiteErrorCode> REFUSED_ROW = Set.of(SQLiteErrorCode.SQLITE_CONSTRAINT,
            SQLiteErrorCode.SQLITE_MISMATCH, SQLiteErrorCode.SQLITE_TOOBIG);

    private Fault() {}

    static boolean isTheStores(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof TransactionException) {
                return true;
            }
            if (cause instanceof SQLiteException sqlite) {
                return REFUSED_ROW.stream().noneMatch(code -> code.code == (sqlite.getResultCode().code & 0xff));
            }
            if (cause instanceof SQLException) {
                return true;
            }
        }
        return false;
    }

    /** Thrown where Axon's dead-letter queue asks for a decision and the answer is neither to park nor to pass over. */
    static final class OfTheStore extends RuntimeException {
        OfTheStore(Throwable cause) {
            super("the state file cannot be written", cause);
        }
    }
}
