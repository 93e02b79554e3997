/** Shows requests, latency, errors, servers and their processors on one page of CloudWatch. */
import { Duration } from "aws-cdk-lib";
import { Dashboard, GraphWidget, type IMetric } from "aws-cdk-lib/aws-cloudwatch";
import { HttpCodeElb, HttpCodeTarget } from "aws-cdk-lib/aws-elasticloadbalancingv2";
import { Construct } from "constructs";
import type { BillboardService } from "./service.js";

export class ServiceDashboard extends Construct {
  constructor(scope: Construct, id: string, { balancer, targets, service }: BillboardService) {
    super(scope, id);
    const period = Duration.minutes(1);
    const graph = (title: string, ...left: IMetric[]) => new GraphWidget({ title, left, width: 12 });
    const latency = (statistic: string) => targets.metrics.targetResponseTime({ statistic, period, label: statistic });
    new Dashboard(this, "Dashboard").addWidgets(
      graph("Requests a minute", targets.metrics.requestCount({ period })),
      graph("Seconds to the response", latency("p50"), latency("p99")),
      graph(
        "Errors a minute",
        balancer.metrics.httpCodeElb(HttpCodeElb.ELB_5XX_COUNT, { period }),
        targets.metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, { period }),
      ),
      graph(
        "Servers",
        targets.metrics.healthyHostCount({ period, statistic: "Minimum" }),
        targets.metrics.unhealthyHostCount({ period, statistic: "Maximum" }),
      ),
      graph(
        "Processor and memory, %",
        service.metricCpuUtilization({ period }),
        service.metricMemoryUtilization({ period }),
      ),
    );
  }
}
