package dev.ecroperator.aws;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often each operation may be called, in an account and region. AWS publishes no rates for
 * ECR's management API; those built in are at the lower end of what has been seen.
 *
 * @param byOperation the rates of single operations
 */
public record CallRates(Map<String, Rate> byOperation) {

  /**
   * A token bucket's two numbers.
   *
   * @param perSecond tokens that come in a second
   * @param burst tokens that the bucket holds
   */
  public record Rate(int perSecond, int burst) {
    /** By a monotonic clock: a wall clock that is set back would fill nothing until it is there. */
    Bucket bucket() {
      return Bucket.builder()
          .addLimit(limit -> limit.capacity(burst).refillGreedy(perSecond, Duration.ofSeconds(1)))
          .withNanosecondPrecision()
          .build();
    }
  }

  /** The operations that are called. */
  public static final List<String> OPERATIONS =
      List.of(
          "BatchGetRepositoryScanningConfiguration",
          "CreateRepository",
          "DeleteLifecyclePolicy",
          "DeleteRepository",
          "DeleteRepositoryPolicy",
          "DescribeImageReplicationStatus",
          "DescribeImages",
          "DescribeRegistry",
          "DescribeRepositories",
          "GetCallerIdentity",
          "GetLifecyclePolicy",
          "GetRepositoryCatalogData",
          "GetRepositoryPolicy",
          "ListTagsForResource",
          "PutImageScanningConfiguration",
          "PutImageTagMutability",
          "PutLifecyclePolicy",
          "PutReplicationConfiguration",
          "PutRepositoryCatalogData",
          "SetRepositoryPolicy",
          "TagResource",
          "UntagResource");

  /** What the variable accepts. */
  public static final String ACCEPTED =
      "a list as CreateRepository=10/20,DeleteRepository=5/10 (calls a second / burst), of "
          + String.join(", ", OPERATIONS);

  private static final Rate READS = new Rate(20, 100);
  private static final Rate WRITES = new Rate(10, 40);
  private static final Pattern ENTRY = Pattern.compile("([A-Za-z]+)=([0-9]{1,6})/([0-9]{1,6})");

  /** The built-in rates. */
  public static final CallRates BUILT_IN = new CallRates(Map.of());

  /**
   * Reads rates that are to replace built-in ones.
   *
   * @throws IllegalArgumentException where the text is not what {@link #ACCEPTED} says
   */
  public static CallRates parse(String text) {
    Map<String, Rate> rates = new TreeMap<>();
    for (String entry : text.split(",", -1)) {
      Matcher matcher = ENTRY.matcher(entry.strip());
      if (!matcher.matches()) {
        throw new IllegalArgumentException("'" + entry.strip() + "'");
      }
      int perSecond = Integer.parseInt(matcher.group(2));
      int burst = Integer.parseInt(matcher.group(3));
      if (perSecond < 1 || burst < 1 || !OPERATIONS.contains(matcher.group(1))) {
        throw new IllegalArgumentException("'" + entry.strip() + "'");
      }
      rates.put(matcher.group(1), new Rate(perSecond, burst));
    }
    return new CallRates(Map.copyOf(rates));
  }

  /** The rate of an operation, such as {@code CreateRepository}. */
  Rate of(String operation) {
    Rate rate = byOperation.get(operation);
    if (rate != null) {
      return rate;
    }
    boolean reads =
        operation.startsWith("Get")
            || operation.startsWith("List")
            || operation.startsWith("Describe")
            || operation.startsWith("BatchGet");
    return reads ? READS : WRITES;
  }
}
