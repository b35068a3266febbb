/** Environments: what a session's sandbox is to be made from, and which hosts it may reach. */
@NullMarked
package dev.handloom.sandbox.environments;

import org.jspecify.annotations.NullMarked;
