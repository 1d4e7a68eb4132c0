package dev.ecroperator.aws;

import dev.ecroperator.convergence.CallFailedException;
import dev.ecroperator.convergence.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ecr.EcrClient;
import software.amazon.awssdk.services.ecr.model.DescribeRepositoriesResponse;
import software.amazon.awssdk.services.ecr.model.Repository;
import software.amazon.awssdk.services.ecr.model.RepositoryScanningConfiguration;

/** The calls that tell of many repositories of one registry at once. */
final class RepositoryListing {
  private static final Logger log = LoggerFactory.getLogger(RepositoryListing.class);

  /** The most that DescribeRepositories returns at once. */
  private static final int PAGE = 1_000;

  /** The most names that BatchGetRepositoryScanningConfiguration takes. */
  private static final int SCANNING_BATCH = 25;

  /** After so many batches that failed the rest is not tried: each may take seconds to fail. */
  private static final int FAILED_BATCHES = 3;

  private final EcrClient ecr;
  private final AwsCalls calls;
  private final String accountId;

  /**
   * All repositories.
   *
   * @param pages how many calls it took
   */
  record All(List<Repository> repositories, int pages) {}

  RepositoryListing(EcrClient ecr, AwsCalls calls, String accountId) {
    this.ecr = ecr;
    this.calls = calls;
    this.accountId = accountId;
  }

  /**
   * Lists all repositories of the registry.
   *
   * @throws CallFailedException also where the list has no end, as that of an odd endpoint
   */
  All all() {
    List<Repository> repositories = new ArrayList<>();
    int pages = 0;
    Set<String> tokens = new HashSet<>();
    String next = null;
    do {
      String token = next;
      DescribeRepositoriesResponse page =
          calls.read(
              "DescribeRepositories",
              () ->
                  ecr.describeRepositories(
                      r -> r.registryId(accountId).maxResults(PAGE).nextToken(token)));
      repositories.addAll(page.repositories());
      next = page.nextToken();
      pages++;
      if (next != null && !tokens.add(next)) {
        throw new CallFailedException(
            new Failure(
                Failure.Kind.UNAVAILABLE,
                "ecr:DescribeRepositories",
                "the list begins again after " + pages + " pages"));
      }
    } while (next != null && !next.isEmpty());
    return new All(repositories, pages);
  }

  /**
   * How often each is scanned, by name; without those that cannot be had now, and are read one by
   * one.
   */
  Map<String, String> scanFrequencies(List<String> of) {
    Map<String, String> frequencies = new HashMap<>();
    int failures = 0;
    for (int from = 0; from < of.size() && failures < FAILED_BATCHES; from += SCANNING_BATCH) {
      try {
        addScanFrequencies(
            frequencies, of.subList(from, Math.min(from + SCANNING_BATCH, of.size())));
      } catch (CallFailedException e) {
        switch (e.kind()) {
          case DENIED -> failures = FAILED_BATCHES;
          case ABSENT -> {
            // One of the batch has just gone, which says nothing of the others.
          }
          default -> failures++;
        }
        tellOneByOne(e);
      }
    }
    return frequencies;
  }

  private void addScanFrequencies(Map<String, String> frequencies, List<String> batch) {
    for (RepositoryScanningConfiguration configuration :
        calls
            .read(
                "BatchGetRepositoryScanningConfiguration",
                () -> ecr.batchGetRepositoryScanningConfiguration(r -> r.repositoryNames(batch)))
            .scanningConfigurations()) {
      frequencies.put(configuration.repositoryName(), configuration.scanFrequencyAsString());
    }
  }

  /** Says that nothing of it can be listed now. */
  static void tellOneByOne(CallFailedException e) {
    log.atInfo()
        .addKeyValue("operation", e.failure().action())
        .addKeyValue("reason", e.failure().kind().reason().text())
        .log("the repositories cannot be listed, and are read one by one for a while");
  }
}
