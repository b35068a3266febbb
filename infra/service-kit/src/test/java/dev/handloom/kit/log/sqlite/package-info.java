/** The SQLite engine against the contract, the disk and the kill. */
@NullMarked
package dev.handloom.kit.log.sqlite;

import org.jspecify.annotations.NullMarked;
