import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;

/** What every engine's launcher shares: a node's settings read from a file, and a process that lasts until SIGTERM. */
final class NodeProcess {
    interface Start {
        void run() throws Exception;
    }

    static Map<String, String> settingsIn(Path folder) throws IOException {
        Properties file = new Properties();
        try (Reader reader = Files.newBufferedReader(folder.resolve("node.properties"))) {
            file.load(reader);
        }
        Map<String, String> settings = new HashMap<>();
        file.stringPropertyNames().forEach(name -> settings.put(name, file.getProperty(name)));
        return settings;
    }

    static void runUntilTerminated(Closeable node, Start start) throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                node.close();
            } catch (IOException e) {
                e.printStackTrace();
            } finally {
                closed.countDown();
            }
        }));
        try {
            start.run();
        } catch (Exception e) {
            // A node that failed half-way leaves threads behind that would keep the process.
            e.printStackTrace();
            System.exit(1);
        }
        // All of the node's own threads may be daemons: something has to keep the process.
        closed.await();
    }

    private NodeProcess() {}
}
