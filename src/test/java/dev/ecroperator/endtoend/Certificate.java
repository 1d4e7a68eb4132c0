package dev.ecroperator.endtoend;

import dev.ecroperator.simulator.real.Command;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A certificate of the loopback address that nobody trusts who was not told to; by keytool. */
final class Certificate {
  private static final String PASSWORD = "changeit";

  private final Path keys;
  private final Path trustStore;

  private Certificate(Path keys, Path trustStore) {
    this.keys = keys;
    this.trustStore = trustStore;
  }

  /** Makes one, in files of the directory. */
  static Certificate ofLoopback(Path directory) {
    Path keys = directory.resolve("keys.p12");
    Path exported = directory.resolve("certificate.pem");
    Path trustStore = directory.resolve("trust.p12");
    keytool(
        "-genkeypair",
        "-alias",
        "loopback",
        "-keyalg",
        "EC",
        "-dname",
        "CN=127.0.0.1",
        "-ext",
        "san=ip:127.0.0.1",
        "-validity",
        "2",
        "-keystore",
        keys.toString());
    keytool(
        "-exportcert",
        "-alias",
        "loopback",
        "-rfc",
        "-file",
        exported.toString(),
        "-keystore",
        keys.toString());
    keytool(
        "-importcert",
        "-noprompt",
        "-alias",
        "loopback",
        "-file",
        exported.toString(),
        "-keystore",
        trustStore.toString());
    return new Certificate(keys, trustStore);
  }

  private static void keytool(String command, String... arguments) {
    String program = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var words = new ArrayList<>(List.of(program, command));
    words.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    words.addAll(List.of(arguments));
    var _ = Command.run(words.toArray(String[]::new)).succeeded();
  }

  /** The options of a JVM that trusts this certificate, and no other. */
  String jvmOptions() {
    return "-Djavax.net.ssl.trustStore=%s -Djavax.net.ssl.trustStorePassword=%s"
        .formatted(trustStore.toAbsolutePath(), PASSWORD);
  }

  /** For a server that shows this certificate. */
  SSLContext serverContext() {
    try (InputStream file = Files.newInputStream(keys)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(file, PASSWORD.toCharArray());
      var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      own.init(store, PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(own.getKeyManagers(), null, null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
