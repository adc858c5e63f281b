package dev.terrane.codecommit;

import dev.terrane.kernel.call.Authorizer;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.error.AwsErrors;
import dev.terrane.kernel.service.HttpEndpoint.Exchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.eclipse.jgit.lib.ObjectChecker;
import org.eclipse.jgit.lib.ObjectChecker.ErrorType;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.pack.PackConfig;
import org.eclipse.jgit.storage.pack.PackStatistics;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.ReceiveCommand.Result;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Fetches and pushes of callers who may do them. Packs stream through; nothing holds a whole one. */
final class GitService {
    /** The greatest file that Git may bring. See "Quotas in AWS CodeCommit". */
    private static final long FILE_BYTES = 2L << 30;

    /** How many references one push may change. */
    private static final int PUSHED_REFERENCES = 4_000;

    /** What a client may say before it is sent a pack: far more than a hundred thousand references need. */
    private static final long NEGOTIATION_BYTES = 64 << 20;

    /** Faults that old public histories have and that Git itself lets pass. */
    private static final EnumSet<ErrorType> TOLERATED = EnumSet.of(
            ErrorType.ZERO_PADDED_FILEMODE,
            ErrorType.MISSING_EMAIL,
            ErrorType.BAD_EMAIL,
            ErrorType.BAD_DATE,
            ErrorType.BAD_TIMEZONE,
            ErrorType.MISSING_SPACE_BEFORE_DATE,
            ErrorType.BAD_UTF8,
            ErrorType.NULL_SHA1);

    private final GitStorage storage;
    private final Upkeep upkeep;
    private final Authorizer authorizer;

    GitService(GitStorage storage, Upkeep upkeep, Authorizer authorizer) {
        this.storage = storage;
        this.upkeep = upkeep;
        this.authorizer = authorizer;
    }

    void serve(Exchange exchange, RepositoryRecord repository, boolean push, boolean advertise) throws IOException {
        String service = push ? "git-receive-pack" : "git-upload-pack";
        try (GitRepository git = storage.open(Call.current().scope(), repository)) {
            exchange.setHeader("Cache-Control", "no-cache, max-age=0, must-revalidate");
            exchange.setHeader("Content-Type", "application/x-" + service + (advertise ? "-advertisement" : "-result"));
            if (push) {
                serve(exchange, git, receivePack(git), advertise);
            } else {
                serve(exchange, uploadPack(exchange, git), advertise);
            }
        }
    }

    private UploadPack uploadPack(Exchange exchange, GitRepository git) {
        PackConfig config = new PackConfig();
        config.setThreads(1);
        // Deltas that are stored are sent as they are; new ones are found at leisure, when the repository is repacked.
        config.setDeltaCompress(false);
        UploadPack upload = new UploadPack(git);
        upload.setBiDirectionalPipe(false);
        upload.setPackConfig(config);
        upload.setRequestPolicy(UploadPack.RequestPolicy.ANY);
        exchange.header("Git-Protocol").ifPresent(version -> upload.setExtraParameters(List.of(version.split(":"))));
        upload.setPostUploadHook(statistics -> recordPull(git, statistics));
        return upload;
    }

    private void serve(Exchange exchange, UploadPack upload, boolean advertise) throws IOException {
        try (upload) {
            if (advertise) {
                try (OutputStream out = exchange.respond(200)) {
                    upload.sendAdvertisedRefs(
                            new PacketLineOutRefAdvertiser(new PacketLineOut(out)), "git-upload-pack");
                }
                return;
            }
            InputStream body = new BoundedInput(body(exchange), NEGOTIATION_BYTES);
            try (OutputStream out = exchange.respond(200)) {
                upload.upload(body, out, null);
            }
        }
    }

    private void recordPull(GitRepository git, PackStatistics statistics) {
        Call call = Call.current();
        authorizer.record(
                call,
                "codecommit.amazonaws.com",
                "GitPull",
                true,
                List.of(Repositories.arn(call.scope(), git.repository().name())),
                Map.of(
                        "repositoryName",
                        git.repository().name(),
                        "repositoryId",
                        git.repository().repositoryId(),
                        "protocol",
                        "HTTP",
                        "dataTransferred",
                        statistics.getTotalObjects() > 0));
    }

    private ReceivePack receivePack(GitRepository git) {
        ReceivePack receive = new ReceivePack(git);
        receive.setBiDirectionalPipe(false);
        receive.setMaxObjectSizeLimit(FILE_BYTES);
        receive.setObjectChecker(new ObjectChecker().setIgnore(TOLERATED));
        receive.setPreReceiveHook((pack, commands) -> admit(git, commands));
        return receive;
    }

    private void serve(Exchange exchange, GitRepository git, ReceivePack receive, boolean advertise)
            throws IOException {
        if (advertise) {
            try (OutputStream out = exchange.respond(200)) {
                PacketLineOut lines = new PacketLineOut(out);
                lines.writeString("# service=git-receive-pack\n");
                lines.end();
                receive.sendAdvertisedRefs(new PacketLineOutRefAdvertiser(lines));
            }
            return;
        }
        InputStream body = body(exchange);
        try (OutputStream out = exchange.respond(200)) {
            receive.receive(body, out, null);
        }
        upkeep.considerSoon(git.scope(), git.repository());
    }

    private static InputStream body(Exchange exchange) throws IOException {
        String coding = exchange.header("Content-Encoding").orElse("identity");
        return coding.equals("gzip") || coding.equals("x-gzip")
                ? new GZIPInputStream(exchange.body())
                : exchange.body();
    }

    /** Decides on each reference of a push; what is refused here is said to the client, and the rest goes on. */
    private void admit(GitRepository git, Collection<ReceiveCommand> commands) {
        if (commands.size() > PUSHED_REFERENCES) {
            commands.forEach(command -> command.setResult(
                    Result.REJECTED_OTHER_REASON, "a push changes at most " + PUSHED_REFERENCES + " references"));
            return;
        }
        commands.stream()
                .filter(command -> command.getResult() == Result.NOT_ATTEMPTED)
                .forEach(command -> admit(git, command));
        git.alongside(() -> recordPush(git, commands));
    }

    private void admit(GitRepository git, ReceiveCommand command) {
        String ref = command.getRefName();
        String defaultRef = RefRecord.HEADS + git.repository().defaultBranch();
        if (!ref.startsWith("refs/") || !Repository.isValidRefName(ref)) {
            command.setResult(Result.REJECTED_OTHER_REASON, "not a reference that can be pushed");
        } else if (command.getType() == ReceiveCommand.Type.DELETE && ref.equals(defaultRef)) {
            command.setResult(Result.REJECTED_OTHER_REASON, "deletion of the default branch prohibited");
        } else {
            Call call = Call.current();
            try {
                authorizer.authorize(
                        call,
                        "codecommit:GitPush",
                        Repositories.arn(call.scope(), git.repository().name()),
                        Map.of("codecommit:References", List.of(ref)));
            } catch (AwsServiceException e) {
                command.setResult(Result.REJECTED_OTHER_REASON, AwsErrors.message(e));
            }
        }
    }

    private void recordPush(GitRepository git, Collection<ReceiveCommand> commands) {
        Call call = Call.current();
        authorizer.record(
                call,
                "codecommit.amazonaws.com",
                "GitPush",
                false,
                List.of(Repositories.arn(call.scope(), git.repository().name())),
                Map.of(
                        "references",
                        commands.stream()
                                .map(command -> Map.of(
                                        "ref",
                                        command.getRefName(),
                                        "commit",
                                        command.getNewId().name()))
                                .toList(),
                        "repositoryName",
                        git.repository().name(),
                        "repositoryId",
                        git.repository().repositoryId(),
                        "protocol",
                        "HTTP"));
    }
}
