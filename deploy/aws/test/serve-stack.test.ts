import assert from "node:assert/strict";
import { test } from "node:test";
import { containersOf, environmentOf, onlyOne, propertiesOf, rightsOfTask, synthesise, SITE } from "./synthesised.js";

const { serve } = synthesise();
const { index, server } = containersOf(serve);

function attributesOf(type: string, name: string): Record<string, string> {
  const attributes = onlyOne(serve, type)[name] as { Key: string; Value: string }[];
  return Object.fromEntries(attributes.map(({ Key, Value }) => [Key, Value]));
}
const balancer = attributesOf("AWS::ElasticLoadBalancingV2::LoadBalancer", "LoadBalancerAttributes");
const targets = attributesOf("AWS::ElasticLoadBalancingV2::TargetGroup", "TargetGroupAttributes");

void test("visitors are served by TLS 1.2 or newer with the certificate that is set, and sent there from HTTP", () => {
  const listeners = propertiesOf(serve, "AWS::ElasticLoadBalancingV2::Listener");
  const byPort = Object.fromEntries(listeners.map((listener) => [listener["Port"] as number, listener]));
  assert.deepEqual(Object.keys(byPort), ["80", "443"]);
  assert.equal(byPort[443]?.["Protocol"], "HTTPS");
  assert.match(byPort[443]["SslPolicy"] as string, /-TLS13-1-2-/);
  assert.deepEqual(byPort[443]["Certificates"], [{ CertificateArn: SITE.certificateArn }]);
  assert.deepEqual(byPort[80]?.["DefaultActions"], [
    { Type: "redirect", RedirectConfig: { Port: "443", Protocol: "HTTPS", StatusCode: "HTTP_301" } },
  ]);
  assert.equal(environmentOf(server)["COOKIE_SECURE"], "true");
});

void test("the balancer asks /readyz on the port that the server opens for it", () => {
  const group = onlyOne(serve, "AWS::ElasticLoadBalancingV2::TargetGroup");
  const { HEALTH_PORT, HEALTH_HOST, PORT } = environmentOf(server);
  assert.deepEqual([group["HealthCheckPort"], group["HealthCheckPath"]], [HEALTH_PORT, "/readyz"]);
  assert.equal(HEALTH_HOST, "0.0.0.0");
  assert.equal(String(group["Port"]), PORT);
  assert.equal(group["Matcher"].HttpCode, "200");
});

void test("a server that ends has time for its requests, from the balancer and from ECS", () => {
  const { SHUTDOWN_DELAY, SHUTDOWN_TIMEOUT } = environmentOf(server);
  const needed = Number(SHUTDOWN_DELAY) + Number(SHUTDOWN_TIMEOUT);
  assert.ok(needed > 0);
  assert.ok(Number(targets["deregistration_delay.timeout_seconds"]) > needed);
  assert.ok(server?.["StopTimeout"] > needed);
  assert.ok(server?.["StopTimeout"] <= 120, "Fargate allows no more");
});

void test("the balancer closes idle connections before servers do, which is after 10 s", () => {
  assert.ok(Number(balancer["idle_timeout.timeout_seconds"]) < 10);
});

void test("the balancer drops broken headers and keeps a log", () => {
  assert.equal(balancer["routing.http.drop_invalid_header_fields.enabled"], "true");
  assert.equal(balancer["access_logs.s3.enabled"], "true");
});

void test("a deployment that fails is rolled back, and none takes servers away first", () => {
  const { DeploymentConfiguration } = onlyOne(serve, "AWS::ECS::Service");
  assert.deepEqual(DeploymentConfiguration.DeploymentCircuitBreaker, { Enable: true, Rollback: true });
  assert.equal(DeploymentConfiguration.MinimumHealthyPercent, 100);
});

void test("the number of servers follows requests and processors, within bounds, and no deployment sets it", () => {
  const { MinCapacity, MaxCapacity } = onlyOne(serve, "AWS::ApplicationAutoScaling::ScalableTarget");
  assert.deepEqual([MinCapacity, MaxCapacity], [2, 4]);
  assert.equal(onlyOne(serve, "AWS::ECS::Service")["DesiredCount"], undefined);
  const policies = propertiesOf(serve, "AWS::ApplicationAutoScaling::ScalingPolicy").map(
    ({ TargetTrackingScalingPolicyConfiguration: policy }) => [
      policy.PredefinedMetricSpecification.PredefinedMetricType as string,
      policy.TargetValue as number,
    ],
  );
  assert.deepEqual(Object.fromEntries(policies), {
    ALBRequestCountPerTarget: 60_000,
    ECSServiceAverageCPUUtilization: 50,
  });
});

void test("a server may read the index and nothing else", () => {
  assert.deepEqual(rightsOfTask(serve), ["s3:GetObject index/index.bin"]);
});

void test("the server is an ordinary user that can write nowhere, and starts when there is an index", () => {
  assert.equal(server?.["User"], "1000:1000");
  assert.equal(server["ReadonlyRootFilesystem"], true);
  assert.deepEqual(server["LinuxParameters"].Capabilities, { Drop: ["ALL"] });
  assert.deepEqual(server["MountPoints"], [
    { ContainerPath: "/var/lib/billboard", ReadOnly: true, SourceVolume: "index" },
  ]);
  assert.equal(environmentOf(server)["INDEX_FILE"], "/var/lib/billboard/index.bin");
  assert.deepEqual(server["DependsOn"], [{ Condition: "HEALTHY", ContainerName: "index" }]);
  assert.deepEqual(index?.["HealthCheck"].Command, ["CMD-SHELL", "test -s /var/lib/billboard/index.bin"]);
});

void test("the administration port stays within the task", () => {
  assert.equal(environmentOf(server)["ADMIN_HOST"], undefined);
  assert.equal(environmentOf(index)["ADMIN_PORT"], environmentOf(server)["ADMIN_PORT"]);
  const ports = (server?.["PortMappings"] as { ContainerPort: number }[]).map(({ ContainerPort }) => ContainerPort);
  assert.deepEqual(ports, [8080, 8082]);
});

void test("the CDN has images only, by their version, and pages take them from there", () => {
  const { DistributionConfig } = onlyOne(serve, "AWS::CloudFront::Distribution");
  assert.equal(DistributionConfig.CacheBehaviors, undefined);
  const [origin] = DistributionConfig.Origins;
  assert.equal(origin.OriginPath, "/campaigns/banners");
  assert.equal(origin.DomainName, SITE.domainName);
  assert.equal(origin.CustomOriginConfig.OriginProtocolPolicy, "https-only");
  const { CachePolicyConfig } = onlyOne(serve, "AWS::CloudFront::CachePolicy");
  const key = CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin;
  assert.equal(key.CookiesConfig.CookieBehavior, "none");
  assert.deepEqual(key.QueryStringsConfig, { QueryStringBehavior: "whitelist", QueryStrings: ["v"] });
  assert.equal(CachePolicyConfig.MinTTL, 0);
  const base = JSON.stringify(environmentOf(server)["BANNER_BASE_URL"]);
  assert.match(base, /"https:\/\/",\{"Fn::GetAtt":\["ImageCdnDistribution\w+","DomainName"\]\},"\/"/);
});

void test("errors, slowness, unhealthy or missing servers and refused indexes are told by mail", () => {
  const alarms = propertiesOf(serve, "AWS::CloudWatch::Alarm");
  assert.deepEqual(alarms.map(({ MetricName }) => MetricName as string).sort(), [
    "HTTPCode_ELB_5XX_Count",
    "HTTPCode_Target_5XX_Count",
    "HealthyHostCount",
    "ReloadsRefused",
    "TargetResponseTime",
    "UnHealthyHostCount",
  ]);
  for (const { AlarmActions } of alarms) assert.match(JSON.stringify(AlarmActions), /AlarmsTopic/);
  const latency = alarms.find(({ MetricName }) => MetricName === "TargetResponseTime");
  assert.equal(latency?.["ExtendedStatistic"], "p99");
  const missing = alarms.find(({ MetricName }) => MetricName === "HealthyHostCount");
  assert.deepEqual([missing?.["Threshold"], missing?.["TreatMissingData"]], [2, "breaching"]);
});

void test("logs are kept for a month, and cannot hold a server up", () => {
  assert.equal(onlyOne(serve, "AWS::Logs::LogGroup")["RetentionInDays"], 30);
  for (const container of [index, server]) assert.equal(container?.["LogConfiguration"].Options.mode, "non-blocking");
});
