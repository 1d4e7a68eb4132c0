/**
 * The kind ImageReplication: many objects, and people, say what one registry replicates; the
 * registry has one document for it. {@code RegistryMerge} is the heart, and pure.
 */
@NullMarked
package dev.ecroperator.replication;

import org.jspecify.annotations.NullMarked;
