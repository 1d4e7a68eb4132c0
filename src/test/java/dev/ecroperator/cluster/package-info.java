@NullMarked
package dev.ecroperator.cluster;

import org.jspecify.annotations.NullMarked;
