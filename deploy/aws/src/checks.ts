/** Has cdk-nag look at everything, and says why what it finds is as it is. */
import { Stack, Validations, type App } from "aws-cdk-lib";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import { AwsSolutionsChecks } from "cdk-nag";
import type { IConstruct } from "constructs";
import type { BillboardTask } from "./containers.js";
import type { BuildStack, ServeStack } from "./stacks.js";

export function addChecks(app: App): void {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
}

function acknowledge(construct: IConstruct, finding: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: `AwsSolutions::AwsSolutions-${finding}`, reason });
}

function acknowledgeTask({ definition }: BillboardTask): void {
  acknowledge(definition, "ECS2", "The variables are settings that anybody may read; there is no secret among them.");
  acknowledge(definition.obtainExecutionRole(), "IAM5[Resource::*]", "ecr:GetAuthorizationToken knows no resources.");
}

export function acknowledgeBuildStack({ network, cluster, build, storage }: BuildStack): void {
  acknowledge(
    network.balancerGroup,
    "EC23",
    "Visitors come from everywhere, to ports 80 and 443 of the balancer alone.",
  );
  acknowledge(cluster, "ECS4", "Container Insights costs more than the alarms need: they use the balancer's metrics.");
  acknowledgeTask(build.task);
  const objects = (bucket: IBucket, prefix: string) => {
    const id = Stack.of(bucket).getLogicalId(bucket.node.defaultChild as never);
    return `IAM5[Resource::<${id}.Arn>/${prefix}*]`;
  };
  const { taskRole } = build.task.definition;
  acknowledge(taskRole, objects(storage.data, ""), "The builder reads all data, whatever the files are called.");
  acknowledge(taskRole, objects(storage.index, "reports/"), "The builder writes its reports.");
}

export function acknowledgeServeStack({ service, cdn }: ServeStack): void {
  acknowledgeTask(service.task);
  const { distribution } = cdn;
  acknowledge(distribution, "CFR1", "Images may be seen from every country.");
  acknowledge(distribution, "CFR2", "Only cached images are behind it; a firewall would be paid by the request.");
  acknowledge(
    distribution,
    "CFR3",
    "Requests for images say nothing that is needed; misses are in the balancer's log.",
  );
  acknowledge(distribution, "CFR4", "It goes by a name of cloudfront.net, whose certificate has a policy of its own.");
}
