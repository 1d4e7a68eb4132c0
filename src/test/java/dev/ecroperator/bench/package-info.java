/**
 * {@code ./mvnw -Pbench}: what many repositories cost, in calls, writes, time, processor and
 * memory.
 */
@NullMarked
package dev.ecroperator.bench;

import org.jspecify.annotations.NullMarked;
