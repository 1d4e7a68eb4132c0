package dev.ecroperator.replication.progress;

import dev.ecroperator.replication.ScriptedCalls;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** A registry's images in memory: none, unless a test pushes some. */
public final class FakeImageRegistry extends ScriptedCalls implements ImageRegistry {
  /** Images by repository, the newest first. */
  final Map<String, List<PushedImage>> images = new TreeMap<>();

  /** Arrivals by digest. */
  final Map<String, List<Arrival>> arrivals = new HashMap<>();

  /** How many looks are left. */
  int budget = 1_000;

  @Override
  public NavigableSet<String> repositoryNames(Duration maxAge) {
    called("repositoryNames");
    return new TreeSet<>(images.keySet());
  }

  @Override
  public List<PushedImage> newestImages(String repository, int atMost) {
    called("newestImages");
    return images.getOrDefault(repository, List.of()).stream().limit(atMost).toList();
  }

  @Override
  public List<Arrival> arrivals(String repository, String digest) {
    called("arrivals");
    return arrivals.getOrDefault(digest, List.of());
  }

  @Override
  public boolean mayLook(int looks) {
    boolean may = budget >= looks;
    budget -= may ? looks : 0;
    return may;
  }
}
