package dev.ecroperator.repository;

import static dev.ecroperator.repository.Samples.OWNER;
import static dev.ecroperator.repository.Samples.desired;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ecroperator.convergence.Reason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract's table of what happens on a repository that exists, row by row. */
class OwnershipTest {
  private static final String TAKE_OVER_GREEN = "takeOverFrom: green/payments/api";
  private static final String TAKE_OVER_SIBLING = "takeOverFrom: blue/payments/other";

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // tag, spec, another claims it, decision
        // Ours exactly: ours, whatever adoption says.
        "blue/payments/api, '{}', false, Ours",
        "blue/payments/api, adoption: Never, true, Ours",
        "blue/payments/api, adoption: IfExists, true, Ours",
        // None.
        "-, '{}', false, AlreadyExists",
        "-, adoption: Never, false, AlreadyExists",
        "-, adoption: IfExists, false, Adopted",
        "-, " + TAKE_OVER_GREEN + ", false, AlreadyExists",
        // Same owner id, another object that is gone or no longer claims it.
        "blue/payments/other, '{}', false, AlreadyExists",
        "blue/payments/other, adoption: IfExists, false, Adopted",
        "blue/shipping/api, adoption: IfExists, false, Adopted",
        "blue/payments/other, " + TAKE_OVER_SIBLING + ", false, AlreadyExists",
        // Same owner id, another object that claims it.
        "blue/payments/other, '{}', true, Conflict",
        "blue/payments/other, adoption: IfExists, true, Conflict",
        "blue/payments/other, " + TAKE_OVER_SIBLING + ", true, Conflict",
        // Another owner id: the exact value or nothing.
        "green/payments/api, '{}', false, Conflict",
        "green/payments/api, adoption: IfExists, false, Conflict",
        "green/payments/api, " + TAKE_OVER_GREEN + ", false, TakenOver",
        "green/payments/api, " + TAKE_OVER_GREEN + ", true, TakenOver",
        "green/payments/api2, " + TAKE_OVER_GREEN + ", false, Conflict",
        "GREEN/payments/api, " + TAKE_OVER_GREEN + ", false, Conflict",
        "green/payments, takeOverFrom: green, false, Conflict",
        // A tag that is no owner's is somebody's all the same.
        "theirs, adoption: IfExists, false, Conflict",
        "theirs, takeOverFrom: theirs, false, TakenOver",
        "'', adoption: IfExists, false, Conflict",
      })
  void theTagDecides(@Nullable String tag, String spec, boolean claimed, String expected) {
    Ownership ownership = Ownership.of(tag, OWNER, desired(spec), other -> claimed);
    String decision =
        switch (ownership) {
          case Ownership.Ours ignored -> "Ours";
          case Ownership.Take(String occurrence) -> occurrence;
          case Ownership.Refused refused -> refused.finding().reason().text();
        };
    assertThat(decision).isEqualTo(expected);
  }

  @Test
  void aConflictNamesTheObjectThatClaimsTheRepository() {
    List<Owner> asked = new ArrayList<>();
    Ownership ownership =
        Ownership.of(
            "blue/shipping/labels",
            OWNER,
            desired("adoption: IfExists"),
            other -> {
              asked.add(other);
              return true;
            });
    assertThat(asked).containsExactly(new Owner("blue", "shipping", "labels"));
    assertThat(ownership)
        .isInstanceOfSatisfying(
            Ownership.Refused.class,
            refused ->
                assertThat(refused.finding().message()).contains("Repository shipping/labels"));
  }

  @Test
  void aConflictWithAnotherInstallationNamesTheValueToTakeOver() {
    assertThat(Ownership.of("green/a/b", OWNER, desired("{}"), other -> false))
        .isInstanceOfSatisfying(
            Ownership.Refused.class,
            refused -> {
              assertThat(refused.finding().reason()).isEqualTo(Reason.CONFLICT);
              assertThat(refused.finding().message()).contains("green/a/b", "spec.takeOverFrom");
            });
  }

  @Test
  void otherInstallationsAreNotAskedForTheirObjects() {
    Ownership.of(
        "green/a/b",
        OWNER,
        desired("{}"),
        other -> {
          throw new AssertionError("asked for " + other);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "blue", "blue/a", "blue/a/b/c", "blue//b", "blue/a/", "/a/b", "//"})
  void whatIsNoOwnerIsReadAsNone(String tag) {
    assertThat(Owner.parse(tag)).isEmpty();
  }

  @Test
  void anOwnerIsReadAsItIsWritten() {
    assertThat(Owner.parse(OWNER.tagValue())).contains(OWNER);
  }
}
