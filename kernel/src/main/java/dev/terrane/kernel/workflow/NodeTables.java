package dev.terrane.kernel.workflow;

import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.store.Query;
import dev.terrane.kernel.store.Rows;
import dev.terrane.kernel.store.Store;
import dev.terrane.kernel.store.Table;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is stored of the nodes that run durable processes. */
final class NodeTables {
    private static final int AT_ONCE = 1000;
    private static final Scope SCOPE = Scope.INSTALLATION;

    /**
     * A node, which is one run of a server.
     *
     * @param opening of the store, where one server alone has it open: see {@code StoreBackend.soleOpening}
     * @param until when its lease ends, unless renewed before
     * @param ended its lease was given back or taken from it: it commits nothing any more
     */
    record NodeRecord(String id, Optional<String> opening, Instant until, boolean ended) {
        NodeRecord renewed(Instant time) {
            return new NodeRecord(id, opening, time, ended);
        }

        NodeRecord asEnded() {
            return new NodeRecord(id, opening, until, true);
        }
    }

    /** Tells a node that something was asked of a process of its. */
    record NoticeRecord(String node, String process) {
        String key() {
            return node + '\0' + process;
        }
    }

    private final Rows<NodeRecord> nodes;
    private final Rows<NoticeRecord> notices;

    NodeTables(Store store) {
        nodes = store.rows(Table.of("workflow.node", NodeRecord.class, NodeRecord::id));
        notices = store.rows(Table.of("workflow.notice", NoticeRecord.class, NoticeRecord::key)
                .uncached());
    }

    Optional<NodeRecord> node(String id) {
        return nodes.get(SCOPE, id);
    }

    List<NodeRecord> nodes() {
        return nodes.list(SCOPE, Query.all().limit(AT_ONCE)).values();
    }

    void put(NodeRecord node) {
        nodes.put(SCOPE, node);
    }

    void delete(NodeRecord node) {
        nodes.delete(SCOPE, node.id());
    }

    void put(NoticeRecord notice) {
        notices.put(SCOPE, notice);
    }

    void delete(NoticeRecord notice) {
        notices.delete(SCOPE, notice.key());
    }

    /** The oldest notices to a node. */
    List<NoticeRecord> notices(String node) {
        return notices.list(SCOPE, Query.prefix(node + '\0').limit(AT_ONCE)).values();
    }
}
