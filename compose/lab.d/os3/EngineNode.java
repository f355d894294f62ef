import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.LogManager;
import org.opensearch.Version;
import org.opensearch.common.logging.LogConfigurator;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.plugins.Plugin;
import org.opensearch.plugins.PluginInfo;

/** Runs one OpenSearch 3 node until SIGTERM: EngineNode FOLDER, where FOLDER/node.properties holds its settings. */
public final class EngineNode extends Node {
    private static final List<Class<? extends Plugin>> MODULES = List.of(
        org.opensearch.transport.Netty4ModulePlugin.class,
        org.opensearch.index.reindex.ReindexModulePlugin.class,
        org.opensearch.index.mapper.MapperExtrasModulePlugin.class,
        org.opensearch.join.ParentJoinModulePlugin.class,
        org.opensearch.search.aggregations.matrix.MatrixAggregationModulePlugin.class,
        org.opensearch.analysis.common.CommonAnalysisModulePlugin.class,
        org.opensearch.painless.PainlessModulePlugin.class,
        org.opensearch.ingest.common.IngestCommonModulePlugin.class);

    private EngineNode(Environment environment) {
        super(environment, MODULES.stream().map(EngineNode::describe).toList(), false);
    }

    private static PluginInfo describe(Class<? extends Plugin> module) {
        return new PluginInfo(module.getSimpleName(), "a module of the server", Version.CURRENT.toString(), Version.CURRENT,
            System.getProperty("java.specification.version"), module.getName(), null, List.of(), false);
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Map<String, String> wanted = NodeProcess.settingsIn(folder);

        // Log4j keeps its first configuration: the file named on the command line, not the empty one made below.
        LogManager.getContext(false);
        LogConfigurator.configureWithoutConfig(Settings.builder().putProperties(wanted, name -> name).build());
        Environment environment = InternalSettingsPreparer.prepareEnvironment(
            Settings.EMPTY, wanted, folder, () -> wanted.get("node.name"));

        Node node = new EngineNode(environment);
        NodeProcess.runUntilTerminated(node, node::start);
    }
}
