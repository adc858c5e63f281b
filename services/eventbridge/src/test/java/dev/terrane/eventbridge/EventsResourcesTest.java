package dev.terrane.eventbridge;

import dev.terrane.sqs.SqsService;
import dev.terrane.testkit.TestServer;
import dev.terrane.testkit.resource.ResourceExample;
import dev.terrane.testkit.resource.ResourceTypeSuite;
import java.util.List;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;

class EventsResourcesTest extends ResourceTypeSuite {
    @Override
    protected TestServer start() {
        return TestServer.with(EventBridgeService::new, SqsService::new);
    }

    @Override
    protected List<String> spaces() {
        return List.of("AWS::Events::");
    }

    @Override
    protected List<ResourceExample> examples(TestServer on) {
        on.client(EventBridgeClient.class).createEventBus(r -> r.name("there"));
        String policy = "{'Version':'2012-10-17','Statement':[{'Sid':'%s','Effect':'Allow','Principal':{'AWS':"
                + "'arn:aws:iam::111122223333:root'},'Action':'events:PutEvents',"
                + "'Resource':'arn:aws:events:us-east-1:123456789012:event-bus/orders'}]}";
        return List.of(
                ResourceExample.of("AWS::Events::Rule", "{'ScheduleExpression':'rate(5 minutes)'}")
                        .then("{'ScheduleExpression':'rate(1 hour)','State':'DISABLED','Targets':[{'Id':'one',"
                                + "'Arn':'arn:aws:sqs:us-east-1:123456789012:one'}]}"),
                rule(),
                ResourceExample.of(
                                "AWS::Events::EventBus",
                                "{'Name':'orders','Description':'d','Policy':" + policy.formatted("one")
                                        + ",'DeadLetterConfig':{'Arn':'arn:aws:sqs:us-east-1:123456789012:dead'},"
                                        + "'Tags':[{'Key':'b','Value':'1'},{'Key':'a','Value':'1'}]}")
                        .alone()
                        .then("{'Name':'orders','Policy':" + policy.formatted("two")
                                + ",'Tags':[{'Key':'a','Value':'2'}]}")
                        .then("{'Name':'orders','Description':'e'}"),
                ResourceExample.of(
                                "AWS::Events::EventBusPolicy",
                                "{'StatementId':'one','EventBusName':'there','Action':'events:PutEvents','Principal':'*',"
                                        + "'Condition':{'Type':'StringEquals','Key':'aws:PrincipalOrgID','Value':'o-1'}}")
                        .alone()
                        .then("{'StatementId':'one','EventBusName':'there','Action':'events:PutEvents',"
                                + "'Principal':'111122223333'}"),
                ResourceExample.of("AWS::Events::EventBusPolicy", statement("events:PutEvents"))
                        .alone()
                        .then(statement("events:PutRule")));
    }

    private static String statement(String action) {
        return "{'StatementId':'two','Statement':{'Effect':'Allow','Principal':{'AWS':'arn:aws:iam::111122223333:root'},"
                + "'Action':'" + action + "','Resource':'arn:aws:events:us-east-1:123456789012:event-bus/default'}}";
    }

    private static ResourceExample rule() {
        String bus = "'Name':'changes','EventBusName':'arn:aws:events:us-east-1:123456789012:event-bus/there',";
        return ResourceExample.of("AWS::Events::Rule", "{" + bus + """
                        'Description':'d','EventPattern':{'source':['app'],'detail':{'kind':['a',{'prefix':'b'}]}},
                        'State':'ENABLED','RoleArn':'arn:aws:iam::123456789012:role/r',
                        'Tags':[{'Key':'b','Value':'1'},{'Key':'a','Value':'1'}],
                        'Targets':[{'Id':'z','Arn':'arn:aws:sqs:us-east-1:123456789012:one','InputPath':'$.detail',
                         'DeadLetterConfig':{'Arn':'arn:aws:sqs:us-east-1:123456789012:dead'},
                         'RetryPolicy':{'MaximumRetryAttempts':3,'MaximumEventAgeInSeconds':300}},
                        {'Id':'a','Arn':'arn:aws:sqs:us-east-1:123456789012:two.fifo',
                         'SqsParameters':{'MessageGroupId':'g'}},
                        {'Id':'m','Arn':'arn:aws:codepipeline:us-east-1:123456789012:web',
                         'RoleArn':'arn:aws:iam::123456789012:role/start'}]}""")
                .alone()
                .then("{" + bus + """
                        'EventPattern':{'source':['other']},'State':'DISABLED','Tags':[{'Key':'a','Value':'2'}],
                        'Targets':[{'Id':'z','Arn':'arn:aws:sqs:us-east-1:123456789012:one',
                         'InputTransformer':{'InputPathsMap':{'k':'$.detail.kind'},'InputTemplate':'\\"kind <k>\\"'}},
                        {'Id':'n','Arn':'arn:aws:sqs:us-east-1:123456789012:one','Input':'{\\"a\\":1}'}]}""")
                .then("{" + bus + "'EventPattern':{'source':['other']}}");
    }
}
