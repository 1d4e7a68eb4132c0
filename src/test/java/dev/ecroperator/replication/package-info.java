@NullMarked
package dev.ecroperator.replication;

import org.jspecify.annotations.NullMarked;
