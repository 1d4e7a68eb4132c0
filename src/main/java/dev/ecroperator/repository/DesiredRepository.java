package dev.ecroperator.repository;

import dev.ecroperator.api.RepositorySpec;
import dev.ecroperator.api.Visibility;
import dev.ecroperator.convergence.Finding;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A manifest, understood: what it declares and how it is to be treated.
 *
 * @param settings what is declared; a setting that could not be read is left out
 * @param declaredFields the managed fields that the manifest mentions, unreadable ones included
 * @param unreadable the fields that could not be read
 * @param invalid what is wrong with the manifest; the rest of it is done all the same
 * @param adopt whether a repository without an owner may be taken
 * @param takeOverFrom the owner tag's value whose repository may be taken; null for none
 * @param deletionPolicy what becomes of the repository when the object is deleted
 * @param observeOnly whether nothing in AWS may be changed
 * @param suspended whether nothing at all is done
 */
record DesiredRepository(
    RepositorySettings settings,
    SortedSet<String> declaredFields,
    Set<String> unreadable,
    List<Finding> invalid,
    boolean adopt,
    @Nullable String takeOverFrom,
    DeletionPolicy deletionPolicy,
    boolean observeOnly,
    boolean suspended) {

  /** The managed fields that the manifest mentions, and that a pass can set. */
  SortedSet<String> readableFields() {
    SortedSet<String> readable = new TreeSet<>(declaredFields);
    readable.removeAll(unreadable);
    return readable;
  }

  /** What becomes of the repository when its object is deleted. */
  enum DeletionPolicy {
    RETAIN("Retain"),
    DELETE("Delete"),
    FORCE_DELETE("ForceDelete");

    private final String text;

    DeletionPolicy(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  /**
   * Whether it could be created as declared. What protects it and could not be read (its
   * encryption, for good) is not to be ECR's default instead.
   */
  boolean isCreatable() {
    return !unreadable.contains(Managed.ENCRYPTION)
        && !unreadable.contains(Managed.IMAGE_TAG_MUTABILITY);
  }

  /** Reads a manifest; what is wrong with it becomes a finding, never an exception. */
  static DesiredRepository of(RepositorySpec spec, Visibility visibility, String partition) {
    return new ManifestReader(spec, visibility, partition).read();
  }
}
