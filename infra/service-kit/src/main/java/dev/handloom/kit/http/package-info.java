/** The manners of the HTTP API: keys, errors, bodies, queries, pages, and an honest answer for what is not built yet. */
@NullMarked
package dev.handloom.kit.http;

import org.jspecify.annotations.NullMarked;
