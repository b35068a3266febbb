/**
 * Rows that follow from the log alone: how they are kept up to date, built anew beside those that are read meanwhile,
 * and what becomes of an event that cannot be handled.
 */
@NullMarked
package dev.handloom.kit.projection;

import org.jspecify.annotations.NullMarked;
