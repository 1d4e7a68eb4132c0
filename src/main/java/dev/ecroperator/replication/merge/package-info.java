/**
 * The merge of what many objects and people say into the one document of a registry: pure, a
 * function of its arguments. {@link RegistryMerge} is where to start.
 */
@NullMarked
package dev.ecroperator.replication.merge;

import org.jspecify.annotations.NullMarked;
