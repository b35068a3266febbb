/** The manners of the API, seen by its clients. */
@NullMarked
package dev.handloom.kit.http;

import org.jspecify.annotations.NullMarked;
