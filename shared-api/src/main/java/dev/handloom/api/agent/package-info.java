/** Questions about agents. Owned by harness-service. */
@NullMarked
package dev.handloom.api.agent;

import org.jspecify.annotations.NullMarked;
