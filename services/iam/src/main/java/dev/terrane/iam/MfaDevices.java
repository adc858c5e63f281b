package dev.terrane.iam;

import dev.terrane.iam.MfaDeviceRecord.Assignment;
import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import dev.terrane.kernel.call.Scope;
import dev.terrane.kernel.id.Ids;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.iam.model.*;

/** Virtual MFA devices of users. */
final class MfaDevices {
    private static final int MOST_PER_USER = 8;
    private static final int SEED_BYTES = 40;

    private final IamTables tables;
    private final Markers markers;

    MfaDevices(IamTables tables, Markers markers) {
        this.tables = tables;
        this.markers = markers;
    }

    CreateVirtualMfaDeviceResponse create(CreateVirtualMfaDeviceRequest request) {
        Scope scope = Call.current().globalScope();
        MfaDeviceRecord device = MfaDeviceRecord.unassigned(
                scope.account(),
                request.virtualMFADeviceName(),
                Paths.of(request.path()),
                Totp.encode(Ids.bytes(SEED_BYTES)),
                Tagging.add(Map.of(), request.tags()));
        if (device.serial().length() > 256) {
            throw Refusals.invalid(
                    "The serial number of the device, with path and name, is longer than 256 characters.");
        }
        if (tables.mfaDevices().get(scope, device.key()).isPresent()) {
            throw Refusals.alreadyExists("MFADevice entity at the same path and name already exists.");
        }
        tables.mfaDevices().put(scope, device);
        String url = "otpauth://totp/" + device.name() + "@" + account(scope) + "?secret=" + device.seed();
        VirtualMFADevice.Builder made = VirtualMFADevice.builder()
                .serialNumber(device.serial())
                .base32StringSeed(SdkBytes.fromUtf8String(device.seed()))
                .qrCodePNG(SdkBytes.fromByteArray(QrPicture.png(url)));
        if (!device.tags().isEmpty()) {
            made.tags(Tagging.toSdk(device.tags()));
        }
        return CreateVirtualMfaDeviceResponse.builder()
                .virtualMFADevice(made.build())
                .build();
    }

    /** What authenticator apps show for the account: its alias where it has one. */
    private String account(Scope scope) {
        return tables.accounts()
                .get(scope, scope.account())
                .map(AccountRecord::alias)
                .orElse(scope.account());
    }

    EnableMfaDeviceResponse enable(EnableMfaDeviceRequest request) {
        Scope scope = Call.current().globalScope();
        UserRecord user = tables.user(scope, request.userName());
        MfaDeviceRecord device = require(scope, request.serialNumber());
        if (device.assignment().isPresent()) {
            throw Refusals.alreadyExists("MFA Device is already in use.");
        }
        UserCredentialsRecord credentials = tables.credentials(scope, user);
        if (credentials.mfaDevices().size() >= MOST_PER_USER) {
            throw Refusals.quota("MFADevicesPerUser", MOST_PER_USER);
        }
        long step = device.consecutive(
                        request.authenticationCode1(),
                        request.authenticationCode2(),
                        Call.current().time())
                .orElseThrow(MfaDevices::wrongCodes);
        tables.mfaDevices()
                .put(
                        scope,
                        device.synchronizedAt(step, 0)
                                .of(Optional.of(new Assignment(user.id(), user.name(), Moments.now()))));
        tables.userCredentials()
                .put(scope, credentials.withMfaDevices(UserRecord.and(credentials.mfaDevices(), device.key())));
        return EnableMfaDeviceResponse.builder().build();
    }

    ResyncMfaDeviceResponse resync(ResyncMfaDeviceRequest request) {
        Scope scope = Call.current().globalScope();
        MfaDeviceRecord device = of(scope, tables.user(scope, request.userName()), request.serialNumber());
        long step = device.resynchronized(
                        request.authenticationCode1(),
                        request.authenticationCode2(),
                        Call.current().time())
                .orElseThrow(MfaDevices::wrongCodes);
        tables.mfaDevices()
                .put(
                        scope,
                        device.synchronizedAt(
                                step, step - Totp.step(Call.current().time())));
        return ResyncMfaDeviceResponse.builder().build();
    }

    private static InvalidAuthenticationCodeException wrongCodes() {
        return InvalidAuthenticationCodeException.builder()
                .message("Authentication code for device is not valid.")
                .build();
    }

    DeactivateMfaDeviceResponse deactivate(DeactivateMfaDeviceRequest request) {
        Scope scope = Call.current().globalScope();
        UserRecord user = tables.user(scope, Users.named(request.userName()));
        MfaDeviceRecord device = of(scope, user, request.serialNumber());
        UserCredentialsRecord credentials = tables.credentials(scope, user);
        tables.mfaDevices().put(scope, device.of(Optional.empty()));
        tables.userCredentials()
                .put(scope, credentials.withMfaDevices(UserRecord.without(credentials.mfaDevices(), device.key())));
        return DeactivateMfaDeviceResponse.builder().build();
    }

    DeleteVirtualMfaDeviceResponse delete(DeleteVirtualMfaDeviceRequest request) {
        Scope scope = Call.current().globalScope();
        MfaDeviceRecord device = require(scope, request.serialNumber());
        if (device.assignment().isPresent()) {
            throw Refusals.conflict("MFA VirtualDevice in use. Must deactivate first.");
        }
        tables.mfaDevices().delete(scope, device.key());
        return DeleteVirtualMfaDeviceResponse.builder().build();
    }

    ListMfaDevicesResponse list(ListMfaDevicesRequest request) {
        Scope scope = Call.current().globalScope();
        UserRecord user = tables.user(scope, Users.named(request.userName()));
        var page = markers.page(
                "mfa-devices|" + user.id(),
                devices(scope, user),
                MfaDeviceRecord::key,
                request.maxItems(),
                request.marker());
        return ListMfaDevicesResponse.builder()
                .mfaDevices(page.items().stream()
                        .map(device -> MFADevice.builder()
                                .userName(user.name())
                                .serialNumber(device.serial())
                                .enableDate(enabled(device))
                                .build())
                        .toList())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    private List<MfaDeviceRecord> devices(Scope scope, UserRecord user) {
        return tables.credentials(scope, user).mfaDevices().stream()
                .flatMap(key -> tables.mfaDevices().get(scope, key).stream())
                .toList();
    }

    ListVirtualMfaDevicesResponse listVirtual(ListVirtualMfaDevicesRequest request) {
        Scope scope = Call.current().globalScope();
        AssignmentStatusType wanted =
                request.assignmentStatus() == null ? AssignmentStatusType.ANY : request.assignmentStatus();
        var page = markers.page(
                "virtual-mfa-devices|" + wanted,
                tables.mfaDevices(),
                scope,
                device -> wanted == AssignmentStatusType.ANY
                        || (wanted == AssignmentStatusType.ASSIGNED)
                                == device.assignment().isPresent(),
                MfaDeviceRecord::key,
                request.maxItems(),
                request.marker());
        return ListVirtualMfaDevicesResponse.builder()
                .virtualMFADevices(page.items().stream()
                        .map(device -> brief(scope, device))
                        .toList())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    private VirtualMFADevice brief(Scope scope, MfaDeviceRecord device) {
        return VirtualMFADevice.builder()
                .serialNumber(device.serial())
                .user(device.assignment()
                        .flatMap(mine -> tables.users().peek(scope, Names.key(mine.user())))
                        .map(Users::brief)
                        .orElse(null))
                .enableDate(enabled(device))
                .build();
    }

    private static java.time.@Nullable Instant enabled(MfaDeviceRecord device) {
        return device.assignment().map(Assignment::enabled).orElse(null);
    }

    GetMfaDeviceResponse get(GetMfaDeviceRequest request) {
        Scope scope = Call.current().globalScope();
        boolean anyones = request.userName() == null && !(Call.current().principal() instanceof Principal.User);
        MfaDeviceRecord device = anyones
                ? require(scope, request.serialNumber())
                : of(scope, tables.user(scope, Users.named(request.userName())), request.serialNumber());
        return GetMfaDeviceResponse.builder()
                .serialNumber(device.serial())
                .userName(device.assignment().map(Assignment::user).orElse(null))
                .enableDate(enabled(device))
                .build();
    }

    TagMfaDeviceResponse tag(TagMfaDeviceRequest request) {
        Scope scope = Call.current().globalScope();
        MfaDeviceRecord device = require(scope, request.serialNumber());
        tables.mfaDevices().put(scope, device.withTags(Tagging.add(device.tags(), request.tags())));
        return TagMfaDeviceResponse.builder().build();
    }

    UntagMfaDeviceResponse untag(UntagMfaDeviceRequest request) {
        Scope scope = Call.current().globalScope();
        MfaDeviceRecord device = require(scope, request.serialNumber());
        tables.mfaDevices().put(scope, device.withTags(Tagging.remove(device.tags(), request.tagKeys(), false)));
        return UntagMfaDeviceResponse.builder().build();
    }

    ListMfaDeviceTagsResponse listTags(ListMfaDeviceTagsRequest request) {
        MfaDeviceRecord device = require(Call.current().globalScope(), request.serialNumber());
        var page = markers.page(
                "mfa-device-tags|" + device.key(),
                Tagging.toSdk(device.tags()),
                Tag::key,
                request.maxItems(),
                request.marker());
        return ListMfaDeviceTagsResponse.builder()
                .tags(page.items())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    private MfaDeviceRecord require(Scope scope, String serial) {
        return MfaDeviceRecord.key(scope.account(), serial)
                .flatMap(key -> tables.mfaDevices().get(scope, key))
                .orElseThrow(() ->
                        Refusals.noSuchEntity("VirtualMFADevice with serial number " + serial + " doesn't exist."));
    }

    /** A device that is a user's. */
    private MfaDeviceRecord of(Scope scope, UserRecord user, String serial) {
        return MfaDeviceRecord.key(scope.account(), serial)
                .flatMap(key -> tables.mfaDevices().get(scope, key))
                .filter(device -> device.assignment()
                        .filter(mine -> mine.userId().equals(user.id()))
                        .isPresent())
                .orElseThrow(() -> Refusals.noSuchEntity("MFA Device invalid for user."));
    }
}
