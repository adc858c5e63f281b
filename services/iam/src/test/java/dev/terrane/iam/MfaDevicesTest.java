package dev.terrane.iam;

import static dev.terrane.iam.Documented.refuses;
import static dev.terrane.iam.Documented.tag;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import dev.terrane.kernel.call.Principal;
import dev.terrane.testkit.TestServer;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.AssignmentStatusType;
import software.amazon.awssdk.services.iam.model.MFADevice;
import software.amazon.awssdk.services.iam.model.SummaryKeyType;
import software.amazon.awssdk.services.iam.model.User;
import software.amazon.awssdk.services.iam.model.VirtualMFADevice;

/** Virtual MFA devices ("AWS Multi-factor authentication in IAM"). Sessions that are begun with them are STS's tests. */
final class MfaDevicesTest {
    private static final String SERIAL = "arn:aws:iam::123456789012:mfa/staff/phone";

    private final TestServer server = TestServer.with(IamService::new);
    private final IamClient iam = server.client(IamClient.class);

    @BeforeEach
    void alice() {
        iam.createUser(r -> r.userName("alice"));
    }

    @AfterEach
    void close() {
        assertThat(server.faults()).isEmpty();
        server.close();
    }

    private VirtualMFADevice create() {
        return iam.createVirtualMFADevice(
                        r -> r.virtualMFADeviceName("phone").path("/staff/").tags(tag("a", "1")))
                .virtualMFADevice();
    }

    private static String seed(VirtualMFADevice device) {
        return device.base32StringSeed().asUtf8String();
    }

    /** What the app shows, so many steps of 30 seconds from now. */
    private String code(VirtualMFADevice device, long from) {
        return Totp.code(seed(device), Totp.step(server.clock().instant()) + from);
    }

    private void enable(VirtualMFADevice device, String user) {
        String first = code(device, -1);
        String second = code(device, 0);
        iam.enableMFADevice(r -> r.userName(user)
                .serialNumber(device.serialNumber())
                .authenticationCode1(first)
                .authenticationCode2(second));
    }

    @Test
    void codesAreThoseOfRfc6238() {
        String seed = Totp.encode("12345678901234567890".getBytes(StandardCharsets.US_ASCII));
        assertThat(seed).isEqualTo("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assertThat(List.of(59L, 1111111109L, 1111111111L, 1234567890L, 2000000000L, 20000000000L))
                .extracting(time -> Totp.code(seed, Totp.step(Instant.ofEpochSecond(time))))
                .containsExactly("287082", "081804", "050471", "005924", "279037", "353130");
    }

    @Test
    void theSecretIsToldOnceAsTextAndAsPicture() throws Exception {
        iam.createAccountAlias(r -> r.accountAlias("example"));
        VirtualMFADevice made = create();
        assertThat(made.serialNumber()).isEqualTo(SERIAL);
        assertThat(seed(made)).matches("[A-Z2-7]{64}");
        assertThat(read(made.qrCodePNG().asByteArray())).isEqualTo("otpauth://totp/phone@example?secret=" + seed(made));
        assertThat(iam.listVirtualMFADevices().virtualMFADevices())
                .containsExactly(VirtualMFADevice.builder().serialNumber(SERIAL).build());
        assertThat(server.trail().toString())
                .contains("CreateVirtualMFADevice")
                .doesNotContain(seed(made))
                .doesNotContain(made.base32StringSeed().toString());
        refuses("EntityAlreadyExists", "MFADevice entity at the same path and name already exists.", this::create);
    }

    /** The longest text that there can be is readable too. */
    @Test
    void longNamesFitIntoThePicture() throws Exception {
        String name = "n".repeat(220);
        VirtualMFADevice made =
                iam.createVirtualMFADevice(r -> r.virtualMFADeviceName(name)).virtualMFADevice();
        assertThat(read(made.qrCodePNG().asByteArray()))
                .isEqualTo("otpauth://totp/" + name + "@123456789012?secret=" + seed(made));
        refuses(
                "InvalidInput",
                "The serial number of the device, with path and name, is longer than 256 characters.",
                () -> iam.createVirtualMFADevice(
                        r -> r.virtualMFADeviceName(name).path("/" + name + "/")));
    }

    private static String read(byte[] png) throws Exception {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        int[] pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
        return new QRCodeReader()
                .decode(new BinaryBitmap(
                        new HybridBinarizer(new RGBLuminanceSource(image.getWidth(), image.getHeight(), pixels))))
                .getText();
    }

    @Test
    void aDeviceIsEnabledWithTwoCodesThatFollowEachOther() {
        VirtualMFADevice device = create();
        for (List<Integer> wrong : List.of(List.of(0, 0), List.of(0, -1), List.of(-2, 0), List.of(-4, -3))) {
            refuses(
                    "InvalidAuthenticationCode",
                    "Authentication code for device is not valid.",
                    () -> iam.enableMFADevice(r -> r.userName("alice")
                            .serialNumber(SERIAL)
                            .authenticationCode1(code(device, wrong.getFirst()))
                            .authenticationCode2(code(device, wrong.getLast()))));
        }
        assertThat(iam.listMFADevices(r -> r.userName("alice")).mfaDevices()).isEmpty();
        enable(device, "alice");
        MFADevice enabled = MFADevice.builder()
                .userName("alice")
                .serialNumber(SERIAL)
                .enableDate(TestServer.START)
                .build();
        assertThat(iam.listMFADevices(r -> r.userName("alice")).mfaDevices()).containsExactly(enabled);
        refuses("EntityAlreadyExists", "MFA Device is already in use.", () -> enable(device, "alice"));
        server.restart();
        IamClient again = server.client(IamClient.class);
        again.updateUser(r -> r.userName("alice").newUserName("alicia"));
        assertThat(again.listMFADevices(r -> r.userName("alicia")).mfaDevices())
                .containsExactly(enabled.toBuilder().userName("alicia").build());
        assertThat(again.getMFADevice(r -> r.userName("alicia").serialNumber(SERIAL))
                        .userName())
                .isEqualTo("alicia");
    }

    @Test
    void devicesAreListedByWhetherTheyAreAssignedAndCounted() {
        VirtualMFADevice device = create();
        iam.createVirtualMFADevice(r -> r.virtualMFADeviceName("spare"));
        enable(device, "alice");
        assertThat(listed(AssignmentStatusType.ASSIGNED)).containsExactly(SERIAL);
        assertThat(listed(AssignmentStatusType.UNASSIGNED)).containsExactly("arn:aws:iam::123456789012:mfa/spare");
        assertThat(listed(AssignmentStatusType.ANY)).hasSize(2);
        var assigned = iam.listVirtualMFADevices(r -> r.assignmentStatus(AssignmentStatusType.ASSIGNED))
                .virtualMFADevices()
                .getFirst();
        assertThat(assigned.user())
                .isEqualTo(iam.getUser(r -> r.userName("alice")).user());
        assertThat(assigned.enableDate()).isEqualTo(TestServer.START);
        assertThat(iam.getAccountSummary().summaryMap())
                .containsEntry(SummaryKeyType.MFA_DEVICES, 2)
                .containsEntry(SummaryKeyType.MFA_DEVICES_IN_USE, 1);
    }

    private List<String> listed(AssignmentStatusType status) {
        return iam.listVirtualMFADevices(r -> r.assignmentStatus(status)).virtualMFADevices().stream()
                .map(VirtualMFADevice::serialNumber)
                .toList();
    }

    @Test
    void aDeviceInUseAndItsUserAreNotDeleted() {
        VirtualMFADevice device = create();
        enable(device, "alice");
        refuses(
                "DeleteConflict",
                "MFA VirtualDevice in use. Must deactivate first.",
                () -> iam.deleteVirtualMFADevice(r -> r.serialNumber(SERIAL)));
        refuses(
                "DeleteConflict",
                "Cannot delete entity, must delete MFA device first.",
                () -> iam.deleteUser(r -> r.userName("alice")));
        iam.createUser(r -> r.userName("bob"));
        refuses(
                "NoSuchEntity",
                "MFA Device invalid for user.",
                () -> iam.deactivateMFADevice(r -> r.userName("bob").serialNumber(SERIAL)));
        iam.deactivateMFADevice(r -> r.userName("alice").serialNumber(SERIAL));
        iam.deleteUser(r -> r.userName("alice"));
        iam.deleteVirtualMFADevice(r -> r.serialNumber(SERIAL));
        refuses(
                "NoSuchEntity",
                "VirtualMFADevice with serial number " + SERIAL + " doesn't exist.",
                () -> iam.deleteVirtualMFADevice(r -> r.serialNumber(SERIAL)));
    }

    @Test
    void whoMayOnlySeeTheirOwnDevicesSeesNoOthers() {
        VirtualMFADevice device = create();
        enable(device, "alice");
        User bob = iam.createUser(r -> r.userName("bob")).user();
        iam.putUserPolicy(r -> r.userName("bob")
                .policyName("own")
                .policyDocument(Documented.allow("iam:GetMFADevice").replace("\"*\"", "\"" + bob.arn() + "\"")));
        IamClient his = server.client(
                IamClient.class, new Principal.User(TestServer.ACCOUNT, bob.userId(), bob.path(), bob.userName()));
        refuses("NoSuchEntity", "MFA Device invalid for user.", () -> his.getMFADevice(r -> r.serialNumber(SERIAL)));
    }

    @Test
    void aDeviceWhoseClockIsWrongIsSynchronized() {
        VirtualMFADevice device = create();
        enable(device, "alice");
        server.advance(Duration.ofMinutes(20));
        resync(device, -9, -8);
        refuses(
                "InvalidAuthenticationCode",
                "Authentication code for device is not valid.",
                () -> resync(device, -9, -8));
        refuses(
                "InvalidAuthenticationCode",
                "Authentication code for device is not valid.",
                () -> resync(device, 30, 31));
    }

    private void resync(VirtualMFADevice device, int first, int second) {
        iam.resyncMFADevice(r -> r.userName("alice")
                .serialNumber(SERIAL)
                .authenticationCode1(code(device, first))
                .authenticationCode2(code(device, second)));
    }

    @Test
    void aUserHasEightDevicesAtMost() {
        for (int i = 0; i < 9; i++) {
            String name = "phone" + i;
            VirtualMFADevice device = iam.createVirtualMFADevice(r -> r.virtualMFADeviceName(name))
                    .virtualMFADevice();
            if (i < 8) {
                enable(device, "alice");
            } else {
                refuses("LimitExceeded", "Cannot exceed quota for MFADevicesPerUser: 8", () -> enable(device, "alice"));
            }
        }
    }
}
