import java.util.ArrayList;
import java.util.List;

/**
 * Formats the storage of several brokers in one JVM: FormatStorage CLUSTER_ID [SCRAM...] FILE... A SCRAM is a login as
 * --add-scram takes it, such as SCRAM-SHA-256=[name=me,password=secret].
 */
public final class FormatStorage {
    public static void main(String[] arguments) {
        List<String> scrams = new ArrayList<>();
        for (int i = 1; i < arguments.length; i++) {
            if (arguments[i].startsWith("SCRAM-")) {
                scrams.add("--add-scram");
                scrams.add(arguments[i]);
                continue;
            }
            List<String> format = new ArrayList<>(List.of(
                "format", "--cluster-id", arguments[0], "--config", arguments[i], "--ignore-formatted"));
            format.addAll(scrams);
            int status = kafka.tools.StorageTool.execute(format.toArray(new String[0]), System.out);
            if (status != 0) {
                System.exit(status);
            }
        }
    }
}
