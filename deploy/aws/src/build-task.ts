/** Builds the index at set times: data from S3, `billboard build`, index to S3. */
import { CfnOutput, Fn, Stack, TimeZone } from "aws-cdk-lib";
import { ContainerDependencyCondition, type Cluster } from "aws-cdk-lib/aws-ecs";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Schedule, ScheduleExpression } from "aws-cdk-lib/aws-scheduler";
import { EcsRunFargateTask } from "aws-cdk-lib/aws-scheduler-targets";
import { Construct } from "constructs";
import { BillboardTask, INDEX_FOLDER } from "./containers.js";
import type { Network } from "./network.js";
import type { Settings } from "./settings.js";
import type { Storage } from "./storage.js";

const DATA_FOLDER = "/data";
const DATA_VOLUME = "data";

/**
 * Three containers, one after the other: each starts only if the one before ended with 0. A build that is refused thus
 * stores nothing.
 */
export class BuildTask extends Construct {
  readonly task: BillboardTask;

  constructor(
    scope: Construct,
    id: string,
    { cluster, network, storage }: { cluster: Cluster; network: Network; storage: Storage },
    settings: Settings,
  ) {
    super(scope, id);
    const { buildCpu: cpu, buildMemory: memory, buildDisk: disk } = settings.size;
    this.task = new BillboardTask(this, "Task", storage.images, settings, { cpu, memory, disk });
    this.task.definition.addVolume({ name: DATA_VOLUME });
    this.#addContainers(storage, settings);
    this.#allow(storage);

    new Schedule(this, "Schedule", {
      description: "Builds Billboard's index",
      schedule: ScheduleExpression.expression(settings.buildSchedule, TimeZone.of(settings.timeZone)),
      target: new EcsRunFargateTask(cluster, {
        taskDefinition: this.task.definition,
        vpcSubnets: network.taskSubnets,
        securityGroups: [network.taskGroup],
        assignPublicIp: settings.network === "public",
        // Of the start alone: a build that failed is not repeated.
        retryAttempts: 2,
      }),
    });
    this.#tellHowToBuildNow(cluster, network, settings);
  }

  #addContainers(storage: Storage, settings: Settings): void {
    const buckets = {
      DATA_BUCKET: storage.data.bucketName,
      INDEX_BUCKET: storage.index.bucketName,
      DATA_FOLDER,
    };
    const fetch = this.task.addAwsCli("fetch", "fetch-data.sh", { essential: false, environment: buckets });
    const build = this.task.addBillboard(
      "build",
      [
        "build",
        "--data",
        DATA_FOLDER,
        "--out",
        INDEX_FOLDER,
        "--time-zone",
        settings.timeZone,
        ...settings.buildOptions,
      ],
      true,
      { essential: false },
    );
    const store = this.task.addAwsCli("store", "store-index.sh", { essential: true, environment: buckets });
    fetch.addMountPoints({ sourceVolume: DATA_VOLUME, containerPath: DATA_FOLDER, readOnly: false });
    build.addMountPoints({ sourceVolume: DATA_VOLUME, containerPath: DATA_FOLDER, readOnly: true });
    build.addContainerDependencies({ container: fetch, condition: ContainerDependencyCondition.SUCCESS });
    store.addContainerDependencies({ container: build, condition: ContainerDependencyCondition.SUCCESS });
  }

  #allow({ data, index }: Storage): void {
    const role = this.task.definition.taskRole;
    const allow = (actions: string[], ...resources: string[]) =>
      role.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
    allow(["s3:ListBucket"], data.bucketArn, index.bucketArn);
    allow(["s3:GetObject"], data.arnForObjects("*"), index.arnForObjects("index.bin"));
    allow(["s3:PutObject"], index.arnForObjects("index.bin"), index.arnForObjects("reports/*"));
  }

  #tellHowToBuildNow(cluster: Cluster, network: Network, settings: Settings): void {
    const subnets = Fn.join(",", network.vpc.selectSubnets(network.taskSubnets).subnetIds);
    const address = settings.network === "public" ? "ENABLED" : "DISABLED";
    new CfnOutput(Stack.of(this), "BuildNow", {
      description: "Builds the index now",
      value:
        `aws ecs run-task --region ${settings.region} --launch-type FARGATE --cluster ${cluster.clusterName} ` +
        `--task-definition ${this.task.definition.family} --network-configuration ` +
        `'awsvpcConfiguration={subnets=[${subnets}],securityGroups=[${network.taskGroup.securityGroupId}],` +
        `assignPublicIp=${address}}'`,
    });
  }
}
