package dev.terrane.iam;

import dev.terrane.kernel.resource.Properties;
import dev.terrane.kernel.resource.ResourceType;
import dev.terrane.kernel.resource.ResourceWork;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.iam.IamClient;

/** A policy that is embedded in several users, groups and roles. It is nothing of its own. */
final class PolicyResource implements ResourceType {
    @Override
    public String name() {
        return "AWS::IAM::Policy";
    }

    /** Its identifier does not tell to what it belongs. */
    @Override
    public boolean provisionable() {
        return false;
    }

    @Override
    public Set<String> supported() {
        return Set.of("Groups", "PolicyDocument", "PolicyName", "Roles", "Users");
    }

    /** An identity that has the policy. */
    private record Holding(PolicyHolder kind, String name) {}

    private static List<Holding> holdings(Properties properties) {
        List<Holding> all = Arrays.stream(PolicyHolder.values())
                .flatMap(kind -> properties.texts(kind.word() + "s").stream().map(name -> new Holding(kind, name)))
                .distinct()
                .toList();
        return all;
    }

    @Override
    public String create(ResourceWork work) {
        String id = work.name(128);
        if (holdings(work.desired()).isEmpty()) {
            throw Refusals.validation("At least one of [Groups,Roles,Users] must be non-empty.");
        }
        work.made(id);
        put(work);
        return id;
    }

    private static void put(ResourceWork work) {
        IamClient iam = work.client(IamClient.class);
        String name = work.desired().required("PolicyName");
        String document = work.desired().json("PolicyDocument").orElse("");
        holdings(work.desired()).forEach(holding -> holding.kind().put(iam, holding.name(), name, document));
    }

    @Override
    public void update(ResourceWork work, String id) {
        put(work);
        String before = work.previous().required("PolicyName");
        boolean renamed = !before.equals(work.desired().required("PolicyName"));
        List<Holding> now = holdings(work.desired());
        holdings(work.previous()).stream()
                .filter(holding -> renamed || !now.contains(holding))
                .forEach(holding -> holding.kind().delete(work, holding.name(), before));
    }

    @Override
    public void delete(ResourceWork work, String id) {
        String name = work.desired().required("PolicyName");
        holdings(work.desired()).forEach(holding -> holding.kind().delete(work, holding.name(), name));
    }

    @Override
    public Optional<Properties> read(ResourceWork work, String id) {
        String name = work.desired().text("PolicyName").orElse("");
        Properties.Builder found = Properties.builder().put("Id", id).put("PolicyName", name);
        Optional<String> document = Optional.empty();
        for (PolicyHolder kind : PolicyHolder.values()) {
            List<String> having = work.desired().texts(kind.word() + "s").stream()
                    .filter(holder -> kind.document(work, holder, name).isPresent())
                    .toList();
            found.put(kind.word() + "s", having);
            if (document.isEmpty() && !having.isEmpty()) {
                document = kind.document(work, having.getFirst(), name);
            }
        }
        return document.map(json -> found.json("PolicyDocument", json).build());
    }
}
