/** What all services share: the log engines, the store beside the log, and the manners of the HTTP API. */
@NullMarked
package dev.handloom.kit;

import org.jspecify.annotations.NullMarked;
