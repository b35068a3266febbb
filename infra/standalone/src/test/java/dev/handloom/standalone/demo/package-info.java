/** Tests of what the demo shows. */
@NullMarked
package dev.handloom.standalone.demo;

import org.jspecify.annotations.NullMarked;
