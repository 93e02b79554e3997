/** Puts the parts together: what builds, then what serves. */
import { App, CfnOutput, Stack } from "aws-cdk-lib";
import { Cluster } from "aws-cdk-lib/aws-ecs";
import { AlarmTopic, BuildAlarms, ServiceAlarms } from "./alarms.js";
import { BuildTask } from "./build-task.js";
import { acknowledgeBuildStack, acknowledgeServeStack, addChecks } from "./checks.js";
import { ServiceDashboard } from "./dashboard.js";
import { ImageCdn } from "./image-cdn.js";
import { Network } from "./network.js";
import { BillboardService } from "./service.js";
import { readSettings, type Settings } from "./settings.js";
import { Storage } from "./storage.js";

/** Network, buckets, image repository and builder: it comes first, since servers need an image and an index. */
export class BuildStack extends Stack {
  readonly storage: Storage;
  readonly network: Network;
  readonly cluster: Cluster;
  readonly build: BuildTask;
  readonly alarms: AlarmTopic;

  constructor(app: App, settings: Settings) {
    super(app, "billboard-build", { env: { region: settings.region } });
    this.storage = new Storage(this, "Storage");
    this.network = new Network(this, "Network", this.storage.logs, settings);
    this.cluster = new Cluster(this, "Cluster", { vpc: this.network.vpc });
    this.build = new BuildTask(this, "Build", this, settings);
    this.alarms = new AlarmTopic(this, "Alarms", settings);
    new BuildAlarms(this, "BuildAlarms", this.alarms, this.build, settings);
    acknowledgeBuildStack(this);
    new CfnOutput(this, "DataBucket", { value: this.storage.data.bucketName });
    new CfnOutput(this, "IndexBucket", { value: this.storage.index.bucketName });
    new CfnOutput(this, "ImageRepository", { value: this.storage.images.repositoryUri });
  }
}

/** Load balancer, servers and CDN. */
export class ServeStack extends Stack {
  readonly cdn: ImageCdn;
  readonly service: BillboardService;

  constructor(app: App, built: BuildStack, settings: Settings) {
    super(app, "billboard-serve", { env: { region: settings.region } });
    this.cdn = new ImageCdn(this, "ImageCdn", settings.domainName);
    this.service = new BillboardService(this, "Serve", built, settings, this.cdn.baseUrl);
    new ServiceAlarms(this, "Alarms", built.alarms, this.service, settings);
    new ServiceDashboard(this, "Dashboard", this.service);
    acknowledgeServeStack(this);
    new CfnOutput(this, "BalancerName", {
      description: `What ${settings.domainName} is to be a CNAME or alias of`,
      value: this.service.balancer.loadBalancerDnsName,
    });
    new CfnOutput(this, "ImageUrl", { value: this.cdn.baseUrl });
  }
}

const FLAGS = {
  // Logs are let in by the bucket's policy: an ACL is out of use, and what AWS adds by itself a later update removes.
  "@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy": true,
  "@aws-cdk/aws-s3:createDefaultLoggingPolicy": true,
  // What another stack uses cannot be removed below it.
  "@aws-cdk/core:defaultCrossStackReferences": "strong",
  // The number of servers is the scaling's affair: a deployment leaves it.
  "@aws-cdk/aws-ecs:removeDefaultDesiredCount": true,
};

/** @param context settings in place of those of cdk.json */
export function makeApp(context: Record<string, string> = {}): { app: App; build: BuildStack; serve?: ServeStack } {
  const app = new App({
    analyticsReporting: false,
    context: { ...FLAGS, ...context },
  });
  const settings = readSettings(app.node);
  addChecks(app);
  const build = new BuildStack(app, settings);
  // A certificate is for a name: with neither, there is nothing to serve yet.
  if (settings.certificateArn === "" || settings.domainName === "") return { app, build };
  return { app, build, serve: new ServeStack(app, build, settings) };
}
