package dev.ecroperator.iam;

import dev.ecroperator.simulator.ecr.IdentityPolicy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** What an operator can be allowed to do: a policy in {@code examples/iam} each. */
public enum Feature {
  /** Look at private repositories. */
  READ,
  /** Create private repositories. */
  CREATE,
  /** Keep the settings of private repositories that are ours. */
  CHANGE,
  /** Delete private repositories that are ours. */
  DELETE,
  /** Make private repositories ours that are nobody's. */
  ADOPT,
  /** Make repositories ours that are another cluster's. */
  TAKE_OVER,
  /** Replicate a registry. */
  REPLICATION,
  /** All of public repositories, but to delete them. */
  PUBLIC,
  /** Delete public repositories that are ours. */
  PUBLIC_DELETE,
  /** Encrypt private repositories by keys of the customer. */
  KMS;

  static final Path DIRECTORY = Path.of("examples", "iam");

  /** The file of its policy. */
  Path file() {
    return DIRECTORY.resolve(name().toLowerCase(Locale.ROOT).replace('_', '-') + ".json");
  }

  /** Its policy, as the file has it. */
  String text() {
    try {
      return Files.readString(file());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its policy. */
  public IdentityPolicy policy() {
    return IdentityPolicy.parse(text());
  }

  /** All policies. */
  public static IdentityPolicy[] policies() {
    return Arrays.stream(values()).map(Feature::policy).toArray(IdentityPolicy[]::new);
  }
}
