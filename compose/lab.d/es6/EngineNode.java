import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.LogManager;
import org.elasticsearch.cli.Terminal;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.Plugin;

/** Runs one Elasticsearch 6.8 node until SIGTERM: EngineNode FOLDER, where FOLDER/node.properties holds its settings. */
public final class EngineNode extends Node {
    private static final List<Class<? extends Plugin>> MODULES = List.of(
        org.elasticsearch.transport.Netty4Plugin.class,
        org.elasticsearch.index.reindex.ReindexPlugin.class,
        org.elasticsearch.join.ParentJoinPlugin.class,
        org.elasticsearch.search.aggregations.matrix.MatrixAggregationPlugin.class);

    private EngineNode(Environment environment) {
        super(environment, MODULES, false);
    }

    /** The name stands in the settings from the start: no log line waits for it. */
    @Override
    protected void registerDerivedNodeNameWithLogger(String nodeName) {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Map<String, String> wanted = NodeProcess.settingsIn(folder);

        // Log4j keeps its first configuration: the file named on the command line, not the empty one made below.
        LogManager.getContext(false);
        LogConfigurator.configureWithoutConfig(Settings.builder().putProperties(wanted, name -> name).build());
        Environment environment = InternalSettingsPreparer.prepareEnvironment(
            Settings.EMPTY, Terminal.DEFAULT, wanted, folder);

        Node node = new EngineNode(environment);
        NodeProcess.runUntilTerminated(node, node::start);
    }
}
