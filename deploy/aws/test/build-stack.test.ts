import assert from "node:assert/strict";
import { test } from "node:test";
import { Match } from "aws-cdk-lib/assertions";
import {
  containersOf,
  onlyOne,
  propertiesOf,
  OTHER,
  rightsOfTask,
  synthesise,
  type Properties,
} from "./synthesised.js";

const { build } = synthesise();

void test("no bucket is public, unencrypted, asked without TLS, or removed with the stack", () => {
  const buckets = Object.values(build.findResources("AWS::S3::Bucket")) as Properties[];
  assert.equal(buckets.length, 3);
  for (const { DeletionPolicy, Properties: bucket } of buckets) {
    assert.equal(DeletionPolicy, "Retain");
    assert.deepEqual(new Set(Object.values(bucket.PublicAccessBlockConfiguration as object)), new Set([true]));
    assert.ok(bucket.BucketEncryption);
    assert.ok(bucket.LifecycleConfiguration);
  }
  const policies = propertiesOf(build, "AWS::S3::BucketPolicy");
  assert.equal(policies.length, 3);
  for (const { PolicyDocument } of policies) {
    const denied = (PolicyDocument.Statement as Properties[]).filter(({ Effect }) => Effect === "Deny");
    assert.match(JSON.stringify(denied), /"aws:SecureTransport":"false"/);
  }
});

void test("earlier versions of data and index are kept for a while", () => {
  const versioned = propertiesOf(build, "AWS::S3::Bucket").filter((bucket) => bucket["VersioningConfiguration"]);
  assert.equal(versioned.length, 2);
  for (const bucket of versioned)
    assert.match(JSON.stringify(bucket["LifecycleConfiguration"]), /"NoncurrentVersionExpiration"/);
});

void test("there is no NAT gateway: tasks reach what they need by endpoints", () => {
  build.resourceCountIs("AWS::EC2::NatGateway", 0);
  const endpoints = JSON.stringify(
    propertiesOf(build, "AWS::EC2::VPCEndpoint").map((endpoint) => endpoint["ServiceName"]),
  );
  for (const service of [".s3", ".ecr.api", ".ecr.dkr", ".logs"]) assert.ok(endpoints.includes(`${service}"`), service);
});

void test("with public addresses, the only endpoint is that of S3, which costs nothing", () => {
  const { build, serve } = synthesise(OTHER);
  build.resourceCountIs("AWS::EC2::NatGateway", 0);
  assert.equal(onlyOne(build, "AWS::EC2::VPCEndpoint")["VpcEndpointType"], "Gateway");
  const expected = { NetworkConfiguration: { AwsvpcConfiguration: Match.objectLike({ AssignPublicIp: "ENABLED" }) } };
  serve.hasResourceProperties("AWS::ECS::Service", expected);
  build.hasResourceProperties("AWS::Scheduler::Schedule", { Target: { EcsParameters: Match.objectLike(expected) } });
});

void test("from outside only the balancer can be reached, and tasks only from it, on two ports", () => {
  const open = propertiesOf(build, "AWS::EC2::SecurityGroup").flatMap(
    ({ SecurityGroupIngress }) => (SecurityGroupIngress ?? []) as Properties[],
  );
  assert.deepEqual(open.map(({ FromPort, ToPort }) => [FromPort, ToPort]).sort(), [
    [443, 443],
    [80, 80],
  ]);
  const toTasks = propertiesOf(build, "AWS::EC2::SecurityGroupIngress").filter(({ GroupId }) =>
    JSON.stringify(GroupId).includes("TaskGroup"),
  );
  assert.deepEqual(toTasks.map(({ FromPort, ToPort }) => [FromPort, ToPort]).sort(), [
    [8080, 8080],
    [8082, 8082],
  ]);
  for (const { SourceSecurityGroupId } of toTasks) assert.match(JSON.stringify(SourceSecurityGroupId), /BalancerGroup/);
});

void test("the builder may read data and write the index and reports, and nothing else", () => {
  assert.deepEqual(rightsOfTask(build), [
    "s3:GetObject data/*",
    "s3:GetObject index/index.bin",
    "s3:ListBucket data",
    "s3:ListBucket index",
    "s3:PutObject index/index.bin",
    "s3:PutObject index/reports/*",
  ]);
});

void test("an index is stored only after a build that ended with 0", () => {
  const { fetch, build: builder, store } = containersOf(build);
  assert.deepEqual(builder!["DependsOn"], [{ Condition: "SUCCESS", ContainerName: "fetch" }]);
  assert.deepEqual(store!["DependsOn"], [{ Condition: "SUCCESS", ContainerName: "build" }]);
  // ECS refuses to wait for the success of an essential container.
  for (const { Name, Essential } of [fetch!, builder!, store!]) assert.equal(Essential, Name === "store");
  assert.deepEqual(builder!["Command"].slice(0, 5), ["build", "--data", "/data", "--out", "/var/lib/billboard"]);
  assert.deepEqual(builder!["Command"].slice(-2), ["--on-bad-row", "reject"]);
});

void test("the builder runs as an ordinary user, sees its data read-only, and has no other folder to write to", () => {
  for (const container of Object.values(containersOf(build))) assert.equal(container["ReadonlyRootFilesystem"], true);
  const { build: builder } = containersOf(build);
  assert.equal(builder?.["User"], "1000:1000");
  assert.deepEqual(builder["LinuxParameters"].Capabilities, { Drop: ["ALL"] });
  assert.deepEqual(builder["MountPoints"], [
    { ContainerPath: "/var/lib/billboard", ReadOnly: false, SourceVolume: "index" },
    { ContainerPath: "/data", ReadOnly: true, SourceVolume: "data" },
  ]);
});

void test("the schedule may start the builder's task and nothing else", () => {
  const schedule = onlyOne(build, "AWS::Scheduler::Schedule");
  assert.equal(schedule["ScheduleExpression"], "cron(0 3 * * ? *)");
  build.hasResourceProperties("AWS::IAM::Policy", {
    PolicyDocument: {
      Statement: [
        Match.objectLike({
          Action: "iam:PassRole",
          Condition: Match.anyValue(),
          Resource: [Match.anyValue(), Match.anyValue()],
        }),
        { Action: "ecs:RunTask", Effect: "Allow", Resource: schedule["Target"].EcsParameters.TaskDefinitionArn },
      ],
    },
    Roles: [{ Ref: Match.stringLikeRegexp("Scheduler") }],
  });
});

void test("a failed build and a day without an index are told by mail", () => {
  const rule = onlyOne(build, "AWS::Events::Rule");
  assert.deepEqual(rule["EventPattern"].detail.group, [
    `family:${onlyOne(build, "AWS::ECS::TaskDefinition")["Family"]}`,
  ]);
  assert.deepEqual(rule["EventPattern"].detail.$or[0], { containers: { exitCode: [{ "anything-but": 0 }] } });
  const alarm = onlyOne(build, "AWS::CloudWatch::Alarm");
  assert.equal(alarm["Period"] * alarm["EvaluationPeriods"], 26 * 3600);
  assert.equal(alarm["TreatMissingData"], "breaching");
  assert.equal(onlyOne(build, "AWS::SNS::Subscription")["Endpoint"], "someone@example.com");
});

void test("the line that counts as a stored index is the one that the script writes", () => {
  const { FilterPattern } = onlyOne(build, "AWS::Logs::MetricFilter");
  const { store } = containersOf(build);
  assert.ok(store?.["Command"][0].includes(`echo ${FilterPattern}`));
});

void test("the topic lets alarms and events in, which a topic with a policy of its own does not by itself", () => {
  const { PolicyDocument } = onlyOne(build, "AWS::SNS::TopicPolicy");
  const allowed = (PolicyDocument.Statement as Properties[]).filter(({ Effect }) => Effect === "Allow");
  assert.deepEqual(allowed.map(({ Principal }) => Principal.Service as string).sort(), [
    "cloudwatch.amazonaws.com",
    "events.amazonaws.com",
  ]);
});

void test("logs are kept for a month, and images have tags that cannot be changed", () => {
  assert.equal(onlyOne(build, "AWS::Logs::LogGroup")["RetentionInDays"], 30);
  assert.equal(onlyOne(build, "AWS::ECR::Repository")["ImageTagMutability"], "IMMUTABLE");
});
