/** The whole platform seen through its HTTP API: by the unmodified official SDK, and by clients with bad manners. */
@NullMarked
package dev.handloom.standalone.api;

import org.jspecify.annotations.NullMarked;
