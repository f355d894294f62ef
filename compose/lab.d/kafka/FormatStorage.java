/** Formats the storage of several brokers in one JVM: FormatStorage CLUSTER_ID FILE... */
public final class FormatStorage {
    public static void main(String[] arguments) {
        for (int i = 1; i < arguments.length; i++) {
            String[] format = {"format", "--cluster-id", arguments[0], "--config", arguments[i], "--ignore-formatted"};
            int status = kafka.tools.StorageTool.execute(format, System.out);
            if (status != 0) {
                System.exit(status);
            }
        }
    }
}
