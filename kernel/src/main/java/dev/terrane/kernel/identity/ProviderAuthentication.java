package dev.terrane.kernel.identity;

import dev.terrane.kernel.call.Call;
import dev.terrane.kernel.call.Principal;
import software.amazon.awssdk.core.SdkRequest;

/**
 * What a service does beside that some of its operations need no signature: it knows who calls them by what an identity provider issued, which
 * stands in the request. The front door asks before it authorizes the call, outside of any transaction.
 */
public interface ProviderAuthentication {
    /**
     * Verifies what the provider issued. The request holds against its model.
     *
     * @return for whom the provider vouches
     * @throws software.amazon.awssdk.awscore.exception.AwsServiceException when it is forged, has ended, or is of a provider that the account doesn't know
     */
    Principal.Federated identify(Call call, SdkRequest request);
}
