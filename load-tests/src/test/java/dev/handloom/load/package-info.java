/** The instruments held to account: every workload runs, against a real server, and leaves a whole result. */
@NullMarked
package dev.handloom.load;

import org.jspecify.annotations.NullMarked;
