/** Synthesises the stacks for tests, with settings of a site that does not exist, and reads what came out. */
import { readFileSync } from "node:fs";
import { Template } from "aws-cdk-lib/assertions";
import { makeApp } from "../src/stacks.js";

const FILE = new URL("../../cdk.json", import.meta.url);
const { context: DEFAULTS } = JSON.parse(readFileSync(FILE, "utf8")) as { context: Record<string, string> };

export const SITE = {
  domainName: "shows.example.com",
  certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/0f0f0f0f-1111-2222-3333-444444444444",
  alarmEmail: "someone@example.com",
  buildOptions: "--on-bad-row reject",
};

/** What may be set otherwise: all at once, since a synthesis takes seconds. */
export const OTHER = { network: "public", size: "large", architecture: "x64", imageTag: "9.9.9" };

/** @param changed settings in place of those of cdk.json */
export function makeStacks(changed: Record<string, string> = {}) {
  return makeApp({ ...DEFAULTS, ...changed });
}

interface Templates {
  readonly build: Template;
  readonly serve: Template;
}
const synthesised = new Map<string, Templates>();

/** What CloudFormation gets, after all checks of cdk-nag: a finding that nobody acknowledged is thrown. */
export function synthesise(changed: Record<string, string> = {}): Templates {
  const key = JSON.stringify(changed);
  const known = synthesised.get(key);
  if (known !== undefined) return known;
  const { app, build, serve } = makeStacks({ ...SITE, ...changed });
  app.synth();
  const templates = { build: Template.fromStack(build), serve: Template.fromStack(serve!) };
  synthesised.set(key, templates);
  return templates;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- templates of CloudFormation have no types
export type Properties = Record<string, any>;

export function propertiesOf(template: Template, type: string): Properties[] {
  const resources = Object.values(template.findResources(type)) as { Properties?: Properties }[];
  return resources.map(({ Properties: properties = {} }) => properties);
}

/** @throws if there is not exactly one */
export function onlyOne(template: Template, type: string): Properties {
  const all = propertiesOf(template, type);
  if (all.length !== 1) throw new Error(`${all.length} resources of ${type} instead of one`);
  return all[0]!;
}

export function containersOf(template: Template): Record<string, Properties> {
  const { ContainerDefinitions: containers } = onlyOne(template, "AWS::ECS::TaskDefinition");
  return Object.fromEntries((containers as Properties[]).map((container) => [container["Name"], container]));
}

export function environmentOf(container: Properties | undefined): Record<string, string> {
  const variables = container?.["Environment"] as { Name: string; Value: string }[];
  return Object.fromEntries(variables.map(({ Name, Value }) => [Name, Value]));
}

/** What a task's own role may do, such as "s3:GetObject index/index.bin". */
export function rightsOfTask(template: Template): string[] {
  const policies = propertiesOf(template, "AWS::IAM::Policy").filter(({ PolicyName: name }) =>
    String(name).includes("TaskRole"),
  );
  const statements = policies.flatMap(({ PolicyDocument: { Statement } }) => Statement as Properties[]);
  return statements
    .flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((action: string) => [Resource].flat().map((on) => `${action} ${nameOf(on)}`)),
    )
    .sort();
}

/** "data/*" for an expression that joins the ARN of Storage/Data with "/*". */
function nameOf(resource: unknown): string {
  const text = JSON.stringify(resource);
  const [, bucket = text] = /Storage(Data|Index|Logs)/.exec(text) ?? [];
  const [, path = ""] = /"(\/[^"]*)"/.exec(text) ?? [];
  return bucket.toLowerCase() + path;
}
