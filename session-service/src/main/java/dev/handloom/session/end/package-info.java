/** What becomes of sessions in the end: old ones are deleted, deleted ones erased. */
@NullMarked
package dev.handloom.session.end;

import org.jspecify.annotations.NullMarked;
