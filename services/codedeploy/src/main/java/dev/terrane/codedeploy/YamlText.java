package dev.terrane.codedeploy;

import java.io.Reader;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * YAML as maps, lists and the scalars' own text. Without types: a mode written 0644 stays what was written.
 */
final class YamlText {
    private static final int LONGEST = 1_000_000;

    private final IdentityHashMap<Node, Object> seen = new IdentityHashMap<>();

    private YamlText() {}

    /** Reads one document.
     *
     * @return a map, a list or a string, the empty one for null
     * @throws AppSpecException when it is not YAML
     */
    static Object read(Reader text) {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(LONGEST);
        options.setNestingDepthLimit(30);
        options.setMaxAliasesForCollections(50);
        try {
            Node root = new Yaml(new SafeConstructor(options)).compose(text);
            return root == null ? "" : new YamlText().plain(root);
        } catch (YAMLException | StackOverflowError e) {
            throw new AppSpecException(
                    "The deployment failed because the application specification file is not valid YAML: "
                            + e.getMessage());
        }
    }

    private Object plain(Node node) {
        Object before = seen.get(node);
        if (before != null) {
            return before;
        }
        return switch (node) {
            case MappingNode mapping -> {
                Map<Object, Object> map = new LinkedHashMap<>();
                seen.put(node, map);
                mapping.getValue().forEach(pair -> map.put(key(pair.getKeyNode()), plain(pair.getValueNode())));
                yield map;
            }
            case SequenceNode sequence -> {
                List<Object> list = new ArrayList<>();
                seen.put(node, list);
                sequence.getValue().forEach(each -> list.add(plain(each)));
                yield list;
            }
            case ScalarNode scalar -> scalar.getTag().equals(Tag.NULL) ? "" : scalar.getValue();
            default -> "";
        };
    }

    private static String key(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : "";
    }
}
