package dev.ecroperator.aws;

import dev.ecroperator.api.Visibility;
import dev.ecroperator.convergence.Fence;
import dev.ecroperator.replication.merge.Registry;
import dev.ecroperator.replication.merge.ReplicationDocument;
import dev.ecroperator.repository.RepositoryTarget;
import dev.ecroperator.simulator.ecr.EcrSimulator;
import dev.ecroperator.telemetry.AwsCallMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;

/** {@link AwsRegistries} on a simulator, which they find as the operator's do: by settings. */
final class SimulatedAws implements AutoCloseable {
  static final String ACCOUNT = "111122223333";

  final EcrSimulator ecr = EcrSimulator.start();
  final AwsRegistries registries;

  private final Map<String, String> settings =
      Map.of(
          "aws.endpointUrl",
          ecr.endpoint().toString(),
          "aws.accessKeyId",
          ACCOUNT,
          "aws.secretAccessKey",
          EcrSimulator.SECRET_ACCESS_KEY);

  SimulatedAws(String ownRegion, int concurrency, Fence fence) {
    settings.forEach(System::setProperty);
    registries =
        new AwsRegistries(
            ownRegion,
            CallRates.BUILT_IN,
            concurrency,
            1,
            fence,
            ProxySettings.NONE,
            new AwsCallMetrics(new SimpleMeterRegistry()),
            System::nanoTime);
  }

  /** From now on the operator's credentials are that account's. */
  void credentialsOf(String account) {
    System.setProperty("aws.accessKeyId", account);
  }

  /** Deletes a repository, or sees that there is none. */
  void delete(Visibility visibility, String region, String name) {
    var target = new RepositoryTarget(visibility, ACCOUNT, region, name);
    registries.holding(target).delete(target, false, () -> {});
  }

  /** Writes a replication configuration that says nothing. */
  void replicateNothing(String region) {
    registries.at(new Registry(ACCOUNT, region)).put(ReplicationDocument.read("{\"rules\":[]}"));
  }

  @Override
  public void close() {
    registries.close();
    ecr.close();
    settings.keySet().forEach(System::clearProperty);
  }
}
