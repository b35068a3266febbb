/** The engine {@code sqlite}: the log in one file of the data folder. */
@NullMarked
package dev.handloom.kit.log.sqlite;

import org.jspecify.annotations.NullMarked;
