/** The clusters that tests run against. */
@NullMarked
package dev.ecroperator.cluster;

import org.jspecify.annotations.NullMarked;
