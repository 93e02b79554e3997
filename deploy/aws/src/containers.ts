/** Makes the tasks and containers of Billboard and of the AWS CLI, with the least that each may do. */
import { readFileSync } from "node:fs";
import { RemovalPolicy } from "aws-cdk-lib";
import type { IRepository } from "aws-cdk-lib/aws-ecr";
import {
  AwsLogDriverMode,
  Capability,
  ContainerImage,
  CpuArchitecture,
  FargateTaskDefinition,
  LinuxParameters,
  LogDrivers,
  OperatingSystemFamily,
  type ContainerDefinition,
  type ContainerDefinitionOptions,
} from "aws-cdk-lib/aws-ecs";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import type { Settings } from "./settings.js";

export const PUBLIC_PORT = 8080;
export const ADMIN_PORT = 8081;
export const HEALTH_PORT = 8082;

/** Where the image expects the index. */
export const INDEX_FOLDER = "/var/lib/billboard";
const INDEX_VOLUME = "index";

const SCRIPTS = new URL("../../scripts/", import.meta.url);

// All that containers have by default but DAC_OVERRIDE and FOWNER, by which root may use a volume whoever owns it.
const ROOT_DROPS = [
  ...[Capability.AUDIT_WRITE, Capability.CHOWN, Capability.FSETID, Capability.KILL, Capability.MKNOD],
  ...[Capability.NET_BIND_SERVICE, Capability.NET_RAW, Capability.SETFCAP, Capability.SETGID, Capability.SETPCAP],
  ...[Capability.SETUID, Capability.SYS_CHROOT],
];

type Options = Omit<ContainerDefinitionOptions, "image" | "logging" | "readonlyRootFilesystem">;

/** A task with a volume for the index, which lives as long as the task does. */
export class BillboardTask extends Construct {
  readonly definition: FargateTaskDefinition;
  readonly logs: LogGroup;
  readonly #settings: Settings;
  readonly #images: IRepository;

  constructor(
    scope: Construct,
    id: string,
    images: IRepository,
    settings: Settings,
    size: { readonly cpu: number; readonly memory: number; readonly disk?: number },
  ) {
    super(scope, id);
    this.#images = images;
    this.#settings = settings;
    this.definition = new FargateTaskDefinition(this, "Definition", {
      cpu: size.cpu,
      memoryLimitMiB: size.memory,
      ...(size.disk === undefined ? {} : { ephemeralStorageGiB: size.disk }),
      runtimePlatform: {
        cpuArchitecture: settings.architecture === "arm64" ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
      volumes: [{ name: INDEX_VOLUME }],
    });
    this.logs = new LogGroup(this, "Logs", {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  /** @param writes whether it may write to the index's folder */
  addBillboard(name: string, command: readonly string[], writes: boolean, options: Options): ContainerDefinition {
    return this.#add(name, this.#settings.imageTag, writes, [Capability.ALL], {
      command: [...command],
      user: "1000:1000",
      ...options,
    });
  }

  /** Runs a script of scripts/ as root, whose the volumes are. */
  addAwsCli(name: string, script: string, options: Options): ContainerDefinition {
    return this.#add(name, this.#settings.awsCliTag, true, ROOT_DROPS, {
      entryPoint: ["bash", "-c"],
      command: [readFileSync(new URL(script, SCRIPTS), "utf8")],
      ...options,
      environment: { FOLDER: INDEX_FOLDER, ...options.environment },
    });
  }

  #add(
    name: string,
    tag: string,
    writes: boolean,
    drops: readonly Capability[],
    options: Options,
  ): ContainerDefinition {
    // A first process of its own, so that SIGTERM ends a script at once.
    const linuxParameters = new LinuxParameters(this, `${name}-linux`, { initProcessEnabled: true });
    linuxParameters.dropCapabilities(...drops);
    const container = this.definition.addContainer(name, {
      linuxParameters,
      ...options,
      image: ContainerImage.fromEcrRepository(this.#images, tag),
      readonlyRootFilesystem: true,
      // A log that cannot be written costs lines, never the service.
      logging: LogDrivers.awsLogs({
        streamPrefix: name,
        logGroup: this.logs,
        mode: AwsLogDriverMode.NON_BLOCKING,
      }),
    });
    container.addMountPoints({ sourceVolume: INDEX_VOLUME, containerPath: INDEX_FOLDER, readOnly: !writes });
    return container;
  }
}
