package dev.terrane.iam;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import dev.terrane.kernel.workflow.Steps;
import dev.terrane.kernel.workflow.Workflow;
import dev.terrane.kernel.workflow.Workflows;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.iam.model.*;

/** Credential reports: generated in the background, and good for four hours. */
final class CredentialReports implements Workflow<CredentialReports.Input> {
    private final IamTables tables;
    private final Workflows workflows;
    private final CredentialRows rows;

    CredentialReports(IamTables tables, KeyUses uses, Workflows workflows) {
        this.tables = tables;
        this.workflows = workflows;
        this.rows = new CredentialRows(tables, uses);
    }

    GenerateCredentialReportResponse generate() {
        Scope scope = Call.current().globalScope();
        Optional<CredentialReportRecord> latest = tables.credentialReports().get(scope, scope.account());
        if (latest.filter(report -> report.content().isEmpty()).isPresent()) {
            return response(ReportStateType.INPROGRESS, null);
        }
        if (latest.filter(report -> !report.expired(Call.current().time())).isPresent()) {
            return response(ReportStateType.COMPLETE, null);
        }
        String id = Ids.uuid();
        tables.credentialReports().put(scope, new CredentialReportRecord(scope.account(), id, Optional.empty()));
        workflows.start(this, scope, id, new Input(scope.account()));
        return response(ReportStateType.STARTED, "No report exists. Starting a new report generation task");
    }

    private static GenerateCredentialReportResponse response(ReportStateType state, @Nullable String description) {
        return GenerateCredentialReportResponse.builder()
                .state(state)
                .description(description)
                .build();
    }

    GetCredentialReportResponse get() {
        Scope scope = Call.current().globalScope();
        CredentialReportRecord report = tables.credentialReports()
                .get(scope, scope.account())
                .orElseThrow(() -> CredentialReportNotPresentException.builder()
                        .message("There is no credential report. Generate one with GenerateCredentialReport.")
                        .build());
        CredentialReportRecord.Content content = report.content()
                .orElseThrow(() -> CredentialReportNotReadyException.builder()
                        .message("The credential report is still being generated.")
                        .build());
        if (report.expired(Call.current().time())) {
            throw CredentialReportExpiredException.builder()
                    .message("The credential report has expired. Generate a new one with GenerateCredentialReport.")
                    .build();
        }
        return GetCredentialReportResponse.builder()
                .content(SdkBytes.fromUtf8String(content.csv()))
                .reportFormat(ReportFormatType.TEXT_CSV)
                .generatedTime(content.generated())
                .build();
    }

    /** Whose report. */
    record Input(String account) {}

    @Override
    public String name() {
        return "iam.credential-report";
    }

    @Override
    public Class<Input> input() {
        return Input.class;
    }

    @Override
    public String principal() {
        return "iam.amazonaws.com";
    }

    @Override
    public void run(Steps steps, Input input) throws InterruptedException {
        Scope scope = Scope.global(input.account());
        steps.commit(
                "report",
                () -> tables.credentialReports()
                        .get(scope, input.account())
                        .filter(report -> report.id().equals(steps.id()))
                        .ifPresent(report -> tables.credentialReports()
                                .put(
                                        scope,
                                        report.with(new CredentialReportRecord.Content(
                                                rows.csv(scope), steps.now().truncatedTo(ChronoUnit.SECONDS))))));
    }
}
