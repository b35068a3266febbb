/** The engine {@code postgres}: the log in a PostgreSQL database, with one writer and wake-ups for all who follow it. */
@NullMarked
package dev.handloom.kit.log.postgres;

import org.jspecify.annotations.NullMarked;
