@NullMarked
package dev.ecroperator.replication.merge;

import org.jspecify.annotations.NullMarked;
