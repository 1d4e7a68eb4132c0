/** The demo: {@code ./mvnw -Pdemo}. */
@NullMarked
package dev.ecroperator.demo;

import org.jspecify.annotations.NullMarked;
