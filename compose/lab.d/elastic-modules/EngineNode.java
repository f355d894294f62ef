import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.logging.log4j.LogManager;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginBundle;
import org.elasticsearch.plugins.PluginsLoader;

/** Runs one Elasticsearch 8 or 9 node until SIGTERM: EngineNode FOLDER, where FOLDER/node.properties holds its settings. */
public final class EngineNode {
    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Map<String, String> wanted = NodeProcess.settingsIn(folder);

        // Log4j keeps its first configuration: the file named on the command line, not the empty one made below.
        LogManager.getContext(false);
        LogConfigurator.configureWithoutConfig(Settings.builder().putProperties(wanted, name -> name).build());
        Environment environment = InternalSettingsPreparer.prepareEnvironment(
            Settings.EMPTY, wanted, folder, () -> wanted.get("node.name"));

        Node node = new Node(environment, modulesIn(Path.of(wanted.get("path.home"), "modules")));
        NodeProcess.runUntilTerminated(node, node::start);
    }

    private static PluginsLoader modulesIn(Path folder) throws Exception {
        return PluginsLoader.createPluginsLoader(bundlesIn(folder), Set.of(), Map.of(), false);
    }

    /** The one call that differs: version 9 takes a second argument, whether a module may be of another version. */
    @SuppressWarnings("unchecked")
    private static Set<PluginBundle> bundlesIn(Path folder) throws Exception {
        for (Method method : PluginsLoader.class.getMethods()) {
            if (method.getName().equals("loadModulesBundles")) {
                return (Set<PluginBundle>) (method.getParameterCount() == 1
                    ? method.invoke(null, folder)
                    : method.invoke(null, folder, false));
            }
        }
        throw new NoSuchMethodException("PluginsLoader.loadModulesBundles");
    }
}
