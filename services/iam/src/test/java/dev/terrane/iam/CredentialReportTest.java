package dev.terrane.iam;

import static dev.terrane.iam.Documented.refuses;
import static org.assertj.core.api.Assertions.assertThat;

import dev.terrane.kernel.identity.Identities;
import dev.terrane.testkit.TestServer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.GetCredentialReportResponse;
import software.amazon.awssdk.services.iam.model.ReportFormatType;
import software.amazon.awssdk.services.iam.model.ReportStateType;
import software.amazon.awssdk.services.iam.model.StatusType;

/** The credential report ("Generate credential reports for your AWS account"). */
final class CredentialReportTest {
    private final TestServer server = TestServer.with(IamService::new);
    private final IamClient iam = server.client(IamClient.class);

    @AfterEach
    void close() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private GetCredentialReportResponse report() {
        assertThat(iam.generateCredentialReport().state()).isEqualTo(ReportStateType.STARTED);
        TestServer.await(() -> iam.generateCredentialReport().state() == ReportStateType.COMPLETE);
        return iam.getCredentialReport();
    }

    /** The rows by user. */
    private static Map<String, List<String>> rows(GetCredentialReportResponse report) {
        Map<String, List<String>> rows = new TreeMap<>();
        for (String line : report.content().asUtf8String().split("\n", -1)) {
            List<String> values = Arrays.asList(line.split(",", -1));
            rows.put(values.getFirst(), values);
        }
        return rows;
    }

    @Test
    void aReportIsGoodForFourHours() {
        refuses(
                "ReportNotPresent",
                "There is no credential report. Generate one with GenerateCredentialReport.",
                iam::getCredentialReport);
        GetCredentialReportResponse report = report();
        assertThat(report.reportFormat()).isEqualTo(ReportFormatType.TEXT_CSV);
        assertThat(report.generatedTime()).isEqualTo(TestServer.START);
        iam.createUser(r -> r.userName("later"));
        server.advance(Duration.ofHours(4));
        assertThat(iam.generateCredentialReport().state()).isEqualTo(ReportStateType.COMPLETE);
        assertThat(iam.getCredentialReport().content()).isEqualTo(report.content());
        server.advance(Duration.ofSeconds(1));
        refuses(
                "ReportExpired",
                "The credential report has expired. Generate a new one with GenerateCredentialReport.",
                iam::getCredentialReport);
        assertThat(rows(report())).containsKey("later");
    }

    @Test
    void everyCredentialOfEveryUserIsInIt() {
        iam.createUser(r -> r.userName("bare").path("/staff/"));
        iam.createUser(r -> r.userName("alice"));
        String first = iam.createAccessKey(r -> r.userName("alice")).accessKey().accessKeyId();
        server.advance(Duration.ofDays(1));
        String second =
                iam.createAccessKey(r -> r.userName("alice")).accessKey().accessKeyId();
        iam.updateAccessKey(r -> r.userName("alice").accessKeyId(second).status(StatusType.INACTIVE));
        iam.updateAccountPasswordPolicy(r -> r.maxPasswordAge(90));
        iam.createLoginProfile(r -> r.userName("alice").password("Correct-horse-1"));
        iam.uploadSigningCertificate(r ->
                r.userName("alice").certificateBody(TestAuthority.root("alice").certificate()));
        server.services().stream()
                .filter(Identities.class::isInstance)
                .map(Identities.class::cast)
                .forEach(real -> real.used(first, server.clock().instant(), "s3", "eu-west-1"));
        Map<String, List<String>> rows = rows(report());
        String header = "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,"
                + "password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,"
                + "access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,"
                + "access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,"
                + "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,"
                + "cert_2_active,cert_2_last_rotated";
        assertThat(String.join(",", rows.get("user"))).isEqualTo(header);
        assertThat(String.join(",", rows.get("<root_account>")))
                .isEqualTo(
                        "<root_account>,arn:aws:iam::123456789012:root,N/A,not_supported,no_information,not_supported,"
                                + "not_supported,false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A");
        assertThat(String.join(",", rows.get("bare")))
                .isEqualTo("bare,arn:aws:iam::123456789012:user/staff/bare,2026-03-01T12:00:00+00:00,false,N/A,N/A,N/A,"
                        + "false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A");
        assertThat(String.join(",", rows.get("alice")))
                .isEqualTo("alice,arn:aws:iam::123456789012:user/alice,2026-03-01T12:00:00+00:00,true,no_information,"
                        + "2026-03-02T12:00:00+00:00,2026-05-31T12:00:00+00:00,false,"
                        + "true,2026-03-01T12:00:00+00:00,2026-03-02T12:00:00+00:00,eu-west-1,s3,"
                        + "false,2026-03-02T12:00:00+00:00,N/A,N/A,N/A,true,2026-03-02T12:00:00+00:00,false,N/A");
        assertThat(rows).hasSize(4);
    }
}
