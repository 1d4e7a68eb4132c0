package dev.ecroperator.endtoend;

import dev.ecroperator.simulator.proxy.Kubeconfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The network between one operator and the API server: while it is cut, nothing passes and nobody
 * is told, as where a router is down.
 */
final class Cable implements AutoCloseable {
  private final ServerSocket listener;
  private final URI server;
  private final Path kubeconfig;
  private final List<Socket> sockets = new ArrayList<>();
  private boolean cut;

  private Cable(ServerSocket listener, URI server, Path kubeconfig) {
    this.listener = listener;
    this.server = server;
    this.kubeconfig = kubeconfig;
  }

  /** A cable to that kubeconfig's server; its own kubeconfig is written into the directory. */
  static Cable to(Path kubeconfig, Path directory) {
    try {
      Kubeconfig far = Kubeconfig.of(kubeconfig);
      URI server = far.server();
      var listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      URI near = URI.create(server.getScheme() + "://127.0.0.1:" + listener.getLocalPort());
      var cable = new Cable(listener, server, far.writeFor(near, directory));
      Thread.ofVirtual().start(cable::listen);
      return cable;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For the operator at this end. */
  Path kubeconfig() {
    return kubeconfig;
  }

  private void listen() {
    try {
      while (true) {
        Socket near = listener.accept();
        Socket far = new Socket(server.getHost(), server.getPort());
        synchronized (this) {
          sockets.add(near);
          sockets.add(far);
        }
        Thread.ofVirtual().start(() -> carry(near, far));
        Thread.ofVirtual().start(() -> carry(far, near));
      }
    } catch (IOException closed) {
      // The scene is over.
    }
  }

  private void carry(Socket from, Socket to) {
    byte[] buffer = new byte[16 * 1024];
    try (from;
        to) {
      for (int read = 0; read >= 0; read = from.getInputStream().read(buffer)) {
        awaitWhole();
        to.getOutputStream().write(buffer, 0, read);
        to.getOutputStream().flush();
      }
    } catch (IOException e) {
      // One end is gone: so is the other.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void awaitWhole() throws InterruptedException {
    while (cut) {
      wait();
    }
  }

  /** From now on nothing passes. */
  synchronized void cut() {
    cut = true;
  }

  /** What was held up passes, and all that follows. */
  synchronized void mend() {
    cut = false;
    notifyAll();
  }

  @Override
  public void close() {
    mend();
    try {
      listener.close();
      synchronized (this) {
        for (Socket socket : sockets) {
          socket.close();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
