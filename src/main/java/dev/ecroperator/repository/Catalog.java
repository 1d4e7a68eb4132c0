package dev.ecroperator.repository;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the public gallery shows. A member that is null was not declared; the default of each is
 * empty.
 *
 * @param description a sentence, at most 1,024 characters
 * @param aboutText Markdown, at most 25,600 characters
 * @param usageText Markdown, at most 25,600 characters
 * @param architectures such as {@code x86-64}
 * @param operatingSystems such as {@code Linux}
 */
public record Catalog(
    @Nullable String description,
    @Nullable String aboutText,
    @Nullable String usageText,
    @Nullable List<String> architectures,
    @Nullable List<String> operatingSystems) {

  static final int LONGEST_DESCRIPTION = 1_024;
  static final int LONGEST_TEXT = 25_600;

  /** How many architectures, and how many operating systems. */
  static final int MOST_VALUES = 50;

  /** A catalog entry that shows nothing. */
  public static final Catalog EMPTY = new Catalog("", "", "", List.of(), List.of());

  /** Whether every member is declared. */
  boolean isWhole() {
    return description != null
        && aboutText != null
        && usageText != null
        && architectures != null
        && operatingSystems != null;
  }

  /** This declaration laid over {@code other}: the members that are null here come from there. */
  public Catalog over(Catalog other) {
    return new Catalog(
        description != null ? description : other.description,
        aboutText != null ? aboutText : other.aboutText,
        usageText != null ? usageText : other.usageText,
        architectures != null ? architectures : other.architectures,
        operatingSystems != null ? operatingSystems : other.operatingSystems);
  }
}
