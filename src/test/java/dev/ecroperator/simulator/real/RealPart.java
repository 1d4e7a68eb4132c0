package dev.ecroperator.simulator.real;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Assumptions;

/**
 * Software of others that tests run against where it is installed. Where it is not, they are
 * skipped, which one line tells; with the system property {@code real.parts} set to {@code
 * required}, as CI does, they fail.
 */
public enum RealPart {
  /** kube-apiserver and etcd. */
  KUBE_API_SERVER(".ci/kube-api-server"),
  /** The AWS emulator moto. */
  MOTO(".ci/moto"),
  /** The operator's image, on a base made of this machine's JDK. */
  IMAGE(".ci/image"),
  /** Helm, and the CRDs of the Prometheus operator. */
  HELM(".ci/helm"),
  /** kstatus, and the Lua interpreter of Argo CD. */
  JUDGES(".ci/judges"),
  /** Prometheus and promtool. */
  PROMETHEUS(".ci/prometheus"),
  /** The wget that the pod of {@code helm test} has too. */
  WGET("apt-get install wget");

  private static final Set<RealPart> told = ConcurrentHashMap.newKeySet();

  private final String script;

  RealPart(String script) {
    this.script = script;
  }

  /** Where the scripts put what they install. */
  public static Path cache() {
    String set = System.getenv("XDG_CACHE_HOME");
    Path root =
        set == null || set.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(set);
    return root.resolve("ecr-operator").toAbsolutePath();
  }

  /** Ends a test that needs it: skipped, or failed where it is required. */
  public void missing(String why) {
    missed(why);
    Assumptions.abort("skipped: " + why + ": run " + script);
  }

  /** Tells that a check is left out of a test that goes on; where it is required, that fails. */
  public void missed(String why) {
    String remedy = why + ": run " + script;
    if (System.getProperty("real.parts", "").equals("required")) {
      throw new IllegalStateException("required, and not installed: " + remedy);
    }
    if (told.add(this)) {
      System.err.println("tests skipped: " + remedy); // Maven does not print why
    }
  }
}
