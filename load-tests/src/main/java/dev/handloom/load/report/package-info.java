/** What was measured, as tables to read and files to keep, held against the goals. */
@NullMarked
package dev.handloom.load.report;

import org.jspecify.annotations.NullMarked;
