/** Reads the settings, which are the context of cdk.json or of `-c NAME=VALUE`. */
import type { Node } from "constructs";

/** What one server is given, in units of ECS (1024 are one processor) and MiB, and how many of them there are. */
export interface Size {
  readonly cpu: number;
  readonly memory: number;
  readonly minTasks: number;
  readonly maxTasks: number;
  /** Beyond so many requests a second and server, another one is started. */
  readonly requestsPerTask: number;
  /** The builder's share; it runs for minutes a day. */
  readonly buildCpu: number;
  readonly buildMemory: number;
  /** For the data and the index of a build, in GiB. */
  readonly buildDisk: number;
}

// A tenth to a fifth of what one core answers in docs/performance.md: this was never measured on Fargate.
const SIZES: Readonly<Record<string, Size>> = {
  small: {
    ...{ cpu: 512, memory: 1024, minTasks: 2, maxTasks: 4, requestsPerTask: 1000 },
    ...{ buildCpu: 1024, buildMemory: 4096, buildDisk: 21 },
  },
  medium: {
    ...{ cpu: 1024, memory: 2048, minTasks: 2, maxTasks: 10, requestsPerTask: 2500 },
    ...{ buildCpu: 2048, buildMemory: 8192, buildDisk: 50 },
  },
  large: {
    ...{ cpu: 2048, memory: 4096, minTasks: 3, maxTasks: 30, requestsPerTask: 5000 },
    ...{ buildCpu: 4096, buildMemory: 16384, buildDisk: 200 },
  },
};

const NETWORKS = { isolated: true, public: true };
const ARCHITECTURES = { arm64: true, x64: true };

export interface Settings {
  readonly region: string;
  /** Name of the site, such as shows.example.com; "" only as long as nothing is served. */
  readonly domainName: string;
  readonly certificateArn: string;
  readonly size: Size;
  readonly network: keyof typeof NETWORKS;
  readonly architecture: keyof typeof ARCHITECTURES;
  readonly imageTag: string;
  readonly awsCliTag: string;
  readonly timeZone: string;
  /** A schedule expression of EventBridge Scheduler, in `timeZone`. */
  readonly buildSchedule: string;
  /** More options of `billboard build`. */
  readonly buildOptions: readonly string[];
  /** Without a new index for so long, there is an alarm; at most 168. */
  readonly freshHours: number;
  readonly alarmEmail: string;
}

/** One line: the setting, its value and what is allowed. */
export class SettingError extends Error {}

/** @throws SettingError */
export function readSettings(node: Node): Settings {
  const text = (name: string, pattern: RegExp, allowed: string): string => {
    const value: unknown = node.tryGetContext(name) ?? "";
    if (typeof value !== "string" || !pattern.test(value))
      throw new SettingError(
        `${name} is ${JSON.stringify(value)}: ${allowed} is expected. Set it in cdk.json or by -c.`,
      );
    return value;
  };
  const oneOf = <Name extends string>(name: string, values: Readonly<Record<Name, unknown>>): Name => {
    const names = Object.keys(values);
    return text(name, new RegExp(`^(${names.join("|")})$`), `one of ${names.join(", ")}`) as Name;
  };
  return {
    region: text("region", /^[a-z]{2}(-[a-z]+)+-\d$/, "a region such as eu-central-1"),
    domainName: text("domainName", /^([a-z0-9-]+(\.[a-z0-9-]+)+)?$/, "a host name in lower case, or nothing"),
    certificateArn: text(
      "certificateArn",
      /^(arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+)?$/,
      "the ARN of a certificate of ACM, or nothing",
    ),
    size: SIZES[oneOf("size", SIZES)]!,
    network: oneOf("network", NETWORKS),
    architecture: oneOf("architecture", ARCHITECTURES),
    imageTag: text("imageTag", /^[\w.-]+$/, "a tag of the image"),
    awsCliTag: text("awsCliTag", /^[\w.-]+$/, "a tag of the image"),
    timeZone: text("timeZone", /^[\w+/-]+$/, "a time zone such as Europe/Berlin"),
    buildSchedule: text("buildSchedule", /^(cron|rate|at)\(.+\)$/, "cron(...) or rate(...)"),
    buildOptions: text("buildOptions", /^/, "options of `billboard build`").split(" ").filter(Boolean),
    freshHours: Number(text("freshHours", /^([1-9]|[1-9]\d|1[0-5]\d|16[0-8])$/, "a number of hours from 1 to 168")),
    alarmEmail: text("alarmEmail", /^(\S+@\S+)?$/, "an address, or nothing"),
  };
}
