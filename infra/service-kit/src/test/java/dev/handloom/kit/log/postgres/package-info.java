/** The PostgreSQL engine against the contract, lost connections, other servers and the kill, on a real PostgreSQL. */
@NullMarked
package dev.handloom.kit.log.postgres;

import org.jspecify.annotations.NullMarked;
