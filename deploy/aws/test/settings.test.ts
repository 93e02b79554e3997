import assert from "node:assert/strict";
import { test } from "node:test";
import { App } from "aws-cdk-lib";
import { readSettings } from "../src/settings.js";
import { makeStacks, onlyOne, OTHER, SITE, synthesise } from "./synthesised.js";

void test("a wrong setting is one line that names it, its value and what is allowed", () => {
  const wrong = {
    region: "Frankfurt",
    domainName: "https://banners.example.com/",
    certificateArn: "arn:aws:iam::123456789012:server-certificate/old",
    size: "huge",
    network: "nat",
    architecture: "mips",
    imageTag: "a b",
    timeZone: "",
    buildSchedule: "0 3 * * *",
    freshHours: "169",
    alarmEmail: "someone",
  };
  for (const [name, value] of Object.entries(wrong))
    assert.throws(
      () => makeStacks({ ...SITE, [name]: value }),
      ({ message }: Error) => message.startsWith(`${name} is "${value}": `) && !message.includes("\n"),
      name,
    );
});

void test("a setting that is missing is told like a wrong one", () => {
  assert.throws(() => readSettings(new App().node), /^Error: region is "": a region such as eu-central-1 is expected/);
});

void test("without a certificate there is only what builds", () => {
  assert.equal(makeStacks({ ...SITE, certificateArn: "" }).serve, undefined);
});

void test("size, architecture and tag reach the tasks", () => {
  const { serve } = synthesise(OTHER);
  const task = onlyOne(serve, "AWS::ECS::TaskDefinition");
  assert.deepEqual([task["Cpu"], task["Memory"]], ["2048", "4096"]);
  assert.equal(task["RuntimePlatform"].CpuArchitecture, "X86_64");
  const [index, server] = task["ContainerDefinitions"];
  assert.match(JSON.stringify(server.Image), /:9\.9\.9"/);
  assert.match(JSON.stringify(index.Image), /:aws-cli-/);
});
