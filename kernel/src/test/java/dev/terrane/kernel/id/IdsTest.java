package dev.terrane.kernel.id;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdsTest {
    private static final Instant TIME = Instant.parse("2026-11-22T12:00:00.123Z");

    @Test
    void ordersIdsByTime() {
        String early = Ids.timeOrdered(TIME);
        String late = Ids.timeOrdered(TIME.plusMillis(1));
        assertThat(early).isLessThan(late).isGreaterThanOrEqualTo(Ids.firstTimeOrdered(TIME));
        assertThat(early).isLessThan(Ids.firstTimeOrdered(TIME.plusMillis(1)));
        assertThat(late).isGreaterThanOrEqualTo(Ids.firstTimeOrdered(TIME.plusMillis(1)));
    }

    @Test
    void makesUuidsOfVersion7ThatDiffer() {
        UUID one = UUID.fromString(Ids.timeOrdered(TIME));
        assertThat(one.version()).isEqualTo(7);
        assertThat(one.variant()).isEqualTo(2);
        assertThat(one.getMostSignificantBits() >>> 16).isEqualTo(TIME.toEpochMilli());
        assertThat(one).isNotEqualTo(UUID.fromString(Ids.timeOrdered(TIME)));
    }
}
