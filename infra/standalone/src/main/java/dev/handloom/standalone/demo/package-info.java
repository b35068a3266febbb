/** One session played through the public HTTP API and shown as it happens. */
@NullMarked
package dev.handloom.standalone.demo;

import org.jspecify.annotations.NullMarked;
