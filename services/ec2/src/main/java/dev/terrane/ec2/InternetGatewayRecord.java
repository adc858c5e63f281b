package dev.terrane.ec2;

/**
 * An internet gateway, without its tags.
 *
 * @param vpcId that it is attached to, or empty
 */
record InternetGatewayRecord(String id, String vpcId) {}
