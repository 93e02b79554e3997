import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { makeStacks, onlyOne, OTHER, SITE, synthesise } from "./synthesised.js";

void test("a wrong setting is one line that names it, its value and what is allowed", () => {
  const wrong = {
    region: "Frankfurt",
    domainName: "https://shows.example.com/",
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

void test("a setting that is missing is told in one line, without a stack", () => {
  const { status, stderr } = spawnSync(process.execPath, [fileURLToPath(new URL("../src/app.js", import.meta.url))], {
    encoding: "utf8",
  });
  assert.equal(status, 1);
  assert.equal(stderr, 'region is "": a region such as eu-central-1 is expected. Set it in cdk.json or by -c.\n');
});

void test("as it is shipped, without a certificate, there is only what builds", () => {
  const { app, serve } = makeStacks();
  assert.equal(serve, undefined);
  app.synth();
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
