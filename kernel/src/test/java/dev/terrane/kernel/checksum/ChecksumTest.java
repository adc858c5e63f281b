package dev.terrane.kernel.checksum;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ChecksumTest {
    @ParameterizedTest
    @CsvSource({
        "CRC32, cbf43926",
        "CRC32C, e3069283",
        "CRC64NVME, ae8b14860a799888",
        "SHA1, f7c3bc1d808e04732adf679965ccc34ca7ae3441",
        "SHA256, 15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
        "MD5, 25f9e794323b453885f5181f1b624d0b"
    })
    void givesTheCatalogueValueOfNineDigits(Checksum algorithm, String expected) {
        byte[] value = Base64.getDecoder().decode(algorithm.of("123456789".getBytes(US_ASCII)));
        assertThat(HexFormat.of().formatHex(value)).isEqualTo(expected);
        assertThat(value).hasSize(algorithm.length());
    }

    @ParameterizedTest
    @EnumSource
    void isTheSameInPieces(Checksum algorithm) {
        byte[] bytes = new byte[1000];
        new Random(7).nextBytes(bytes);
        Checksum.Running running = algorithm.start();
        for (int at = 0, step = 1; at < bytes.length; at += step, step = step * 2 + 1) {
            running.update(bytes, at, Math.min(step, bytes.length - at));
        }
        assertThat(running.base64()).isEqualTo(algorithm.of(bytes));
    }

    @ParameterizedTest
    @EnumSource(names = {"CRC32", "CRC32C", "CRC64NVME"})
    void putsPartsTogetherToTheWhole(Checksum algorithm) {
        byte[] first = new byte[321];
        byte[] second = new byte[70_001];
        new Random(1).nextBytes(first);
        new Random(2).nextBytes(second);
        Checksum.Running whole = algorithm.start();
        whole.update(first, 0, first.length);
        whole.update(second, 0, second.length);
        byte[] combined = algorithm.combine(value(algorithm, first), value(algorithm, second), second.length);
        assertThat(combined).isEqualTo(whole.value());
    }

    @Test
    void digestsCannotBePutTogether() {
        assertThat(Checksum.SHA256.combinable()).isFalse();
        assertThatThrownBy(() -> Checksum.SHA256.combine(new byte[32], new byte[32], 1))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void compositeIsTheChecksumOfTheValuesAndTheirNumber() {
        byte[] part = value(Checksum.CRC32, "abc".getBytes(US_ASCII));
        byte[] both = new byte[8];
        System.arraycopy(part, 0, both, 0, 4);
        System.arraycopy(part, 0, both, 4, 4);
        assertThat(Checksum.CRC32.composite(List.of(part, part))).isEqualTo(Checksum.CRC32.of(both) + "-2");
    }

    @Test
    void isFoundByHeaderAndName() {
        assertThat(Checksum.ofHeader("x-amz-checksum-crc64nvme")).contains(Checksum.CRC64NVME);
        assertThat(Checksum.ofHeader("x-amz-checksum-md5")).isEmpty();
        assertThat(Checksum.ofHeader("content-md5")).isEmpty();
        assertThat(Checksum.ofName("SHA256")).contains(Checksum.SHA256);
        assertThat(Checksum.CRC32C.header()).isEqualTo("x-amz-checksum-crc32c");
    }

    @Test
    void takesOnlyValuesOfItsLength() {
        assertThat(Checksum.CRC32.parse("y/Q5Jg==")).isPresent();
        assertThat(Checksum.CRC32.parse("y/Q5Jg")).isEmpty();
        assertThat(Checksum.CRC32.parse("y/Q5Jh==")).isEmpty();
        assertThat(Checksum.CRC32.parse("y/Q5JgA=")).isEmpty();
        assertThat(Checksum.CRC32.parse("no base64!")).isEmpty();
    }

    private static byte[] value(Checksum algorithm, byte[] bytes) {
        return Base64.getDecoder().decode(algorithm.of(bytes));
    }
}
