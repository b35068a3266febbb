/** The turn, seen from outside: a running platform, a client on one side and a model's server on the other. */
@NullMarked
package dev.handloom.standalone.turn;

import org.jspecify.annotations.NullMarked;
