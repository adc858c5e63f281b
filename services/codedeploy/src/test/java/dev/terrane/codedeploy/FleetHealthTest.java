package dev.terrane.codedeploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.codedeploy.model.MinimumHealthyHosts;

/** The arithmetic of "Working with deployment configurations in CodeDeploy". */
class FleetHealthTest {
    private static FleetHealth health(String name, String type, int value, int total) {
        return FleetHealth.of(
                new ConfigRecord(
                        name,
                        "id",
                        MinimumHealthyHosts.builder().type(type).value(value).build(),
                        Instant.EPOCH),
                total);
    }

    @ParameterizedTest
    @CsvSource({
        "CodeDeployDefault.OneAtATime,FLEET_PERCENT,99,9,1",
        "CodeDeployDefault.OneAtATime,FLEET_PERCENT,99,1,1",
        "CodeDeployDefault.HalfAtATime,FLEET_PERCENT,50,9,4",
        "CodeDeployDefault.HalfAtATime,FLEET_PERCENT,50,4,2",
        "CodeDeployDefault.AllAtOnce,FLEET_PERCENT,0,9,9",
        "own,FLEET_PERCENT,95,9,0",
        "own,HOST_COUNT,6,9,3",
        "own,HOST_COUNT,9,9,0"
    })
    void deploysToSoManyAtOnce(String name, String type, int value, int total, int atOnce) {
        FleetHealth health = health(name, type, value, total);
        assertThat(health.room(0, 0)).isEqualTo(atOnce);
        assertThat(health.possible()).isEqualTo(atOnce > 0);
    }

    @ParameterizedTest
    @CsvSource({
        "CodeDeployDefault.OneAtATime,99,8,1,true",
        "CodeDeployDefault.OneAtATime,99,0,1,false",
        "CodeDeployDefault.HalfAtATime,50,5,4,true",
        "CodeDeployDefault.HalfAtATime,50,4,5,false",
        "CodeDeployDefault.AllAtOnce,0,1,8,true",
        "CodeDeployDefault.AllAtOnce,0,0,9,false"
    })
    void succeedsWhenEnoughDid(String name, int percent, int succeeded, int failed, boolean overall) {
        assertThat(health(name, "FLEET_PERCENT", percent, succeeded + failed).succeeded(succeeded, failed))
                .isEqualTo(overall);
    }
}
