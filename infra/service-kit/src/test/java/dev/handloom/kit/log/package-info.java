/** What a log engine owes, written once for every engine, and what only the SQLite engine owes. */
@NullMarked
package dev.handloom.kit.log;

import org.jspecify.annotations.NullMarked;
