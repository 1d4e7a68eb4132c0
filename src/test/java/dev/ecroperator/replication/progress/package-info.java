@NullMarked
package dev.ecroperator.replication.progress;

import org.jspecify.annotations.NullMarked;
