/**
 * The kind Repository: from its manifest to the settings that it declares, to the drift between
 * them and what ECR has, to the changes that mend it, to what its status says.
 */
@NullMarked
package dev.ecroperator.repository;

import org.jspecify.annotations.NullMarked;
