package dev.handloom.session.write;

import dev.handloom.api.session.SessionCommand;
import dev.handloom.api.session.SessionEvent;
import dev.handloom.api.session.Tokens;

/**
 * Notes that stand for a part of the conversation. One at a time, and only while its request is open: a crash leaves it
 * open for whoever makes the request again, an interrupt ends it with the request.
 */
final class NoteRules {
    private final Draft draft;

    NoteRules(Draft draft) {
        this.draft = draft;
    }

    /** @return whether to write it */
    boolean begin(SessionCommand.BeginNote note) {
        var turn = draft.turn();
        if (!note.requestId().equals(turn.request())) {
            return false;
        }
        if (turn.note() == null) {
            draft.add(new SessionEvent.NoteBegun(draft.session(), note.noteId(), note.requestId(), note.kind(),
                    note.from(), note.to(), note.policy(), draft.at()));
        }
        return note.noteId().equals(draft.turn().note());
    }

    void written(SessionCommand.RecordNote note) {
        if (isOpen(note.noteId(), note.requestId(), note.tokens())) {
            draft.add(new SessionEvent.NoteWritten(draft.session(), note.noteId(), note.requestId(), note.kind(),
                    note.from(), note.to(), note.text(), note.tokens(), draft.at()));
        }
    }

    void failed(SessionCommand.RecordNoteFailure note) {
        if (isOpen(note.noteId(), note.requestId(), note.tokens())) {
            draft.add(new SessionEvent.NoteFailed(draft.session(), note.noteId(), note.requestId(), note.message(),
                    note.tokens(), draft.at()));
        }
    }

    /** What a late note cost is counted all the same. */
    private boolean isOpen(String noteId, String requestId, Tokens tokens) {
        boolean open = noteId.equals(draft.turn().note());
        if (!open && !tokens.equals(Tokens.NONE)) {
            draft.add(new SessionEvent.TokensSpent(draft.session(), requestId, tokens, draft.at()));
        }
        return open;
    }
}
