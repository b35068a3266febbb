/** A client that costs as little as it can, so that what is measured is the server. */
@NullMarked
package dev.handloom.load.client;

import org.jspecify.annotations.NullMarked;
