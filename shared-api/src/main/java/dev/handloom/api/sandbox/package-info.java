/** Messages of the hands: run this, stop that, let the hand go; and questions about environments. Owned by sandbox-service. */
@NullMarked
package dev.handloom.api.sandbox;

import org.jspecify.annotations.NullMarked;
