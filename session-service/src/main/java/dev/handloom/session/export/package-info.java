/** Logs as files: written with a chain of hashes, checked, and read in again. */
@NullMarked
package dev.handloom.session.export;

import org.jspecify.annotations.NullMarked;
