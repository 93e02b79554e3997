/** Serves: tasks behind a load balancer, as many as the requests need. */
import { Duration } from "aws-cdk-lib";
import {
  AvailabilityZoneRebalancing,
  ContainerDependencyCondition,
  FargateService,
  type Cluster,
  type ScalableTaskCount,
} from "aws-cdk-lib/aws-ecs";
import {
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  ListenerAction,
  ListenerCertificate,
  SslPolicy,
} from "aws-cdk-lib/aws-elasticloadbalancingv2";
import { PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { ADMIN_PORT, BillboardTask, HEALTH_PORT, INDEX_FOLDER, PUBLIC_PORT } from "./containers.js";
import type { Network } from "./network.js";
import type { Settings } from "./settings.js";
import type { Storage } from "./storage.js";

const SHUTDOWN_DELAY_SECONDS = 5;
const SHUTDOWN_TIMEOUT_SECONDS = 10;
const SHUTDOWN_SECONDS = SHUTDOWN_DELAY_SECONDS + SHUTDOWN_TIMEOUT_SECONDS;

/** Servers close idle connections after 10 s: the load balancer closes its own before. */
const IDLE_SECONDS = 8;

const TARGET_CPU_PERCENT = 50;

export class BillboardService extends Construct {
  readonly task: BillboardTask;
  readonly service: FargateService;
  readonly balancer: ApplicationLoadBalancer;
  readonly targets: ApplicationTargetGroup;
  readonly #network: Network;
  readonly #storage: Storage;
  readonly #settings: Settings;

  /** @param bannerBaseUrl where pages take the images from */
  constructor(
    scope: Construct,
    id: string,
    { cluster, network, storage }: { cluster: Cluster; network: Network; storage: Storage },
    settings: Settings,
    bannerBaseUrl: string,
  ) {
    super(scope, id);
    this.#network = network;
    this.#storage = storage;
    this.#settings = settings;
    this.task = this.#makeTask(bannerBaseUrl);
    this.service = new FargateService(this, "Service", {
      cluster,
      taskDefinition: this.task.definition,
      minHealthyPercent: 100,
      maxHealthyPercent: 200,
      availabilityZoneRebalancing: AvailabilityZoneRebalancing.ENABLED,
      circuitBreaker: { enable: true, rollback: true },
      // For the first download of the index and the start.
      healthCheckGracePeriod: Duration.minutes(10),
      vpcSubnets: network.taskSubnets,
      securityGroups: [network.taskGroup],
      assignPublicIp: settings.network === "public",
    });
    this.balancer = this.#makeBalancer();
    this.targets = this.#makeTargets();
    this.#listen();
    this.#scale(
      this.service.autoScaleTaskCount({
        minCapacity: settings.size.minTasks,
        maxCapacity: settings.size.maxTasks,
      }),
    );
  }

  #makeTask(bannerBaseUrl: string): BillboardTask {
    const { size, timeZone } = this.#settings;
    const task = new BillboardTask(this, "Task", this.#storage.images, this.#settings, size);
    const index = task.addAwsCli("index", "follow-index.sh", {
      essential: true,
      environment: {
        INDEX_BUCKET: this.#storage.index.bucketName,
        ADMIN_PORT: String(ADMIN_PORT),
        FOLLOW_SECONDS: "60",
      },
      // Five minutes and ten checks for the first download.
      healthCheck: {
        command: ["CMD-SHELL", `test -s ${INDEX_FOLDER}/index.bin`],
        interval: Duration.seconds(10),
        startPeriod: Duration.seconds(300),
        retries: 10,
      },
      stopTimeout: Duration.seconds(2),
    });
    const server = task.addBillboard("server", ["serve"], false, {
      essential: true,
      portMappings: [{ containerPort: PUBLIC_PORT }, { containerPort: HEALTH_PORT }],
      environment: {
        PORT: String(PUBLIC_PORT),
        ADMIN_PORT: String(ADMIN_PORT),
        HEALTH_HOST: "0.0.0.0",
        HEALTH_PORT: String(HEALTH_PORT),
        INDEX_FILE: `${INDEX_FOLDER}/index.bin`,
        BANNER_BASE_URL: bannerBaseUrl,
        COOKIE_SECURE: "true",
        TIME_ZONE: timeZone,
        // Half a processor looks like two to a program.
        WORKERS: String(Math.max(1, size.cpu / 1024)),
        SHUTDOWN_DELAY: String(SHUTDOWN_DELAY_SECONDS),
        SHUTDOWN_TIMEOUT: String(SHUTDOWN_TIMEOUT_SECONDS),
      },
      stopTimeout: Duration.seconds(SHUTDOWN_SECONDS + 5),
    });
    server.addContainerDependencies({ container: index, condition: ContainerDependencyCondition.HEALTHY });
    task.definition.taskRole.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ["s3:GetObject"],
        resources: [this.#storage.index.arnForObjects("index.bin")],
      }),
    );
    return task;
  }

  #makeBalancer(): ApplicationLoadBalancer {
    const balancer = new ApplicationLoadBalancer(this, "Balancer", {
      vpc: this.#network.vpc,
      internetFacing: true,
      securityGroup: this.#network.balancerGroup,
      idleTimeout: Duration.seconds(IDLE_SECONDS),
      dropInvalidHeaderFields: true,
    });
    balancer.logAccessLogs(this.#storage.logs, "balancer");
    return balancer;
  }

  #makeTargets(): ApplicationTargetGroup {
    return new ApplicationTargetGroup(this, "Targets", {
      vpc: this.#network.vpc,
      port: PUBLIC_PORT,
      protocol: ApplicationProtocol.HTTP,
      targets: [this.service.loadBalancerTarget({ containerName: "server", containerPort: PUBLIC_PORT })],
      deregistrationDelay: Duration.seconds(SHUTDOWN_SECONDS + 5),
      healthCheck: {
        port: String(HEALTH_PORT),
        path: "/readyz",
        healthyHttpCodes: "200",
        interval: Duration.seconds(5),
        timeout: Duration.seconds(3),
        healthyThresholdCount: 2,
        unhealthyThresholdCount: 2,
      },
    });
  }

  #listen(): void {
    this.balancer.addListener("Https", {
      port: 443,
      certificates: [ListenerCertificate.fromArn(this.#settings.certificateArn)],
      sslPolicy: SslPolicy.RECOMMENDED_TLS,
      defaultAction: ListenerAction.forward([this.targets]),
      open: false,
    });
    this.balancer.addListener("Http", {
      port: 80,
      defaultAction: ListenerAction.redirect({ protocol: "HTTPS", port: "443", permanent: true }),
      open: false,
    });
  }

  #scale(tasks: ScalableTaskCount): void {
    const scaleInCooldown = Duration.minutes(5);
    const scaleOutCooldown = Duration.minutes(1);
    tasks.scaleOnRequestCount("Requests", {
      // A minute's, while the size is a second's.
      requestsPerTarget: this.#settings.size.requestsPerTask * 60,
      targetGroup: this.targets,
      scaleInCooldown,
      scaleOutCooldown,
    });
    tasks.scaleOnCpuUtilization("Cpu", {
      targetUtilizationPercent: TARGET_CPU_PERCENT,
      scaleInCooldown,
      scaleOutCooldown,
    });
  }
}
