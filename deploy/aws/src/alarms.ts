/** Tells by mail what a human must look at: failed builds, an old index, errors, slowness, servers that are gone. */
import { Duration, Stack } from "aws-cdk-lib";
import { ComparisonOperator, TreatMissingData, type AlarmProps, type Metric } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import { EventField, Rule, RuleTargetInput } from "aws-cdk-lib/aws-events";
import { SnsTopic } from "aws-cdk-lib/aws-events-targets";
import { HttpCodeElb, HttpCodeTarget } from "aws-cdk-lib/aws-elasticloadbalancingv2";
import { ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { FilterPattern } from "aws-cdk-lib/aws-logs";
import { Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import type { BuildTask } from "./build-task.js";
import type { BillboardTask } from "./containers.js";
import type { BillboardService } from "./service.js";
import type { Settings } from "./settings.js";

const MINUTE = Duration.minutes(1);
const ERRORS_PER_MINUTE = 20;
const P99_SECONDS = 0.1;

export class AlarmTopic extends Construct {
  readonly topic: Topic;

  constructor(scope: Construct, id: string, { alarmEmail }: Settings) {
    super(scope, id);
    this.topic = new Topic(this, "Topic", { displayName: "Billboard", enforceSSL: true });
    // A topic with a policy of its own, as SSL needs one, lets in only those whom it names.
    this.topic.grantPublish(
      new ServicePrincipal("cloudwatch.amazonaws.com", {
        conditions: { StringEquals: { "aws:SourceAccount": Stack.of(this).account } },
      }),
    );
    if (alarmEmail !== "") this.topic.addSubscription(new EmailSubscription(alarmEmail));
  }
}

/** By default, three bad minutes of five are an alarm, and a minute without a figure is a good one. */
function addAlarm(scope: Construct, id: string, topic: Topic, metric: Metric, props: Partial<AlarmProps>): void {
  const alarm = metric.createAlarm(scope, id, {
    threshold: 0,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    ...props,
  });
  alarm.addAlarmAction(new SnsAction(topic));
  alarm.addOkAction(new SnsAction(topic));
}

/** Counts the lines of a task's log that have a text in them. */
function linesWith(text: string, id: string, task: BillboardTask, period: Duration): Metric {
  const filter = task.logs.addMetricFilter(id, {
    filterPattern: FilterPattern.literal(`"${text}"`),
    metricNamespace: "Billboard",
    metricName: id,
    metricValue: "1",
  });
  return filter.metric({ statistic: "Sum", period });
}

export class BuildAlarms extends Construct {
  constructor(scope: Construct, id: string, { topic }: AlarmTopic, { task }: BuildTask, { freshHours }: Settings) {
    super(scope, id);
    new Rule(this, "BuildFailed", {
      description: "A build of Billboard's index failed or was refused",
      eventPattern: {
        source: ["aws.ecs"],
        detailType: ["ECS Task State Change"],
        detail: {
          group: [`family:${task.definition.family}`],
          lastStatus: ["STOPPED"],
          $or: [{ containers: { exitCode: [{ "anything-but": 0 }] } }, { stopCode: ["TaskFailedToStart"] }],
        },
      },
      targets: [
        new SnsTopic(topic, {
          message: RuleTargetInput.fromText(
            "A build of Billboard's index failed; the index before is served on. " +
              `${EventField.fromPath("$.detail.stoppedReason")}. Its log: ${task.logs.logGroupName}, ` +
              `task ${EventField.fromPath("$.detail.taskArn")}`,
          ),
        }),
      ],
    });
    addAlarm(this, "NoFreshIndex", topic, linesWith("index stored", "IndexesStored", task, Duration.hours(1)), {
      alarmDescription: `No build stored an index for ${freshHours} hours`,
      threshold: 1,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: freshHours,
      datapointsToAlarm: freshHours,
      treatMissingData: TreatMissingData.BREACHING,
    });
  }
}

export class ServiceAlarms extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { topic }: AlarmTopic,
    { balancer, targets, task }: BillboardService,
    { size }: Settings,
  ) {
    super(scope, id);
    const add = (name: string, metric: Metric, props: Partial<AlarmProps>): void => {
      addAlarm(this, name, topic, metric, props);
    };
    add("ErrorsOfBalancer", balancer.metrics.httpCodeElb(HttpCodeElb.ELB_5XX_COUNT, { period: MINUTE }), {
      alarmDescription: "Visitors get 5xx from the load balancer: no server answers, or one cuts connections",
      threshold: ERRORS_PER_MINUTE,
    });
    add("ErrorsOfServers", targets.metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, { period: MINUTE }), {
      alarmDescription: "Visitors get 5xx from servers: see their log",
      threshold: ERRORS_PER_MINUTE,
    });
    add("Slow", targets.metrics.targetResponseTime({ statistic: "p99", period: MINUTE }), {
      alarmDescription: `One request in a hundred waits more than ${P99_SECONDS} s`,
      threshold: P99_SECONDS,
    });
    add("UnhealthyServers", targets.metrics.unhealthyHostCount({ statistic: "Maximum", period: MINUTE }), {
      alarmDescription: "A server is not ready: /readyz says why",
    });
    add("FewServers", targets.metrics.healthyHostCount({ statistic: "Minimum", period: MINUTE }), {
      alarmDescription: "Fewer servers are ready than there should be at least",
      threshold: size.minTasks,
      comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: 10,
      datapointsToAlarm: 10,
      treatMissingData: TreatMissingData.BREACHING,
    });
    add("ReloadsRefused", linesWith("reload refused", "ReloadsRefused", task, MINUTE), {
      alarmDescription: "A server refuses the newest index: its log says why",
      datapointsToAlarm: 1,
    });
  }
}
