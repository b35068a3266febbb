/** {@code /v1/sessions}: reads HTTP, sends a command or asks a view, writes HTTP. No decision is made here. */
@NullMarked
package dev.handloom.session.http;

import org.jspecify.annotations.NullMarked;
