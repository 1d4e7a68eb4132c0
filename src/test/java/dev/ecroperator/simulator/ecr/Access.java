package dev.ecroperator.simulator.ecr;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One permission that a call needs.
 *
 * @param action as IAM names it, such as {@code ecr:TagResource}
 * @param resource the ARN that it is about, {@code *} where it is about none
 * @param context what a policy's conditions can ask of the request: values by condition key, in
 *     lower case. What is not known of the request is absent.
 */
public record Access(String action, String resource, Map<String, List<String>> context) {
  /** The value of this condition key, or none. */
  List<String> value(String key) {
    return context.getOrDefault(key.toLowerCase(Locale.ROOT), List.of());
  }

  /** The same access, with one more thing known of the request. */
  public Access with(String key, List<String> values) {
    Map<String, List<String>> more = new TreeMap<>(context);
    more.put(key.toLowerCase(Locale.ROOT), List.copyOf(values));
    return new Access(action, resource, more);
  }

  /** The same access, with what it would do to the tags of a resource. */
  public Access tagging(Map<String, String> tags) {
    return with("aws:TagKeys", List.copyOf(tags.keySet())).withTags("aws:RequestTag/", tags);
  }

  /** The same access, with the tags that the resource has. */
  public Access tagged(Map<String, String> tags) {
    return withTags("aws:ResourceTag/", tags);
  }

  private Access withTags(String prefix, Map<String, String> tags) {
    Access access = this;
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      access = access.with(prefix + tag.getKey(), List.of(tag.getValue()));
    }
    return access;
  }

  /** An access of which nothing more is known. */
  public static Access to(String action, String resource) {
    return new Access(action, resource, Map.of());
  }
}
