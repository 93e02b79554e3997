/** Runs what a container of the manifests runs, without a cluster: each of its volumes is a folder. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Container, PodSpec } from "kubernetes-types/core/v1.js";
import { BILLBOARD } from "../../src/billboard.js";
import { RunningServer } from "../../src/running-server.js";
import { substituted } from "../shipped.js";
import { environmentOf } from "./environment.js";
import { containerOf, type Manifests } from "./objects.js";

export interface Surroundings {
  readonly manifests: Manifests;
  /** PATH with the program, as in the image. */
  readonly path: string;
  /** Folders by the names of volumes. */
  readonly volumes: Readonly<Record<string, string>>;
}

/** What a test alters beside the paths: ports in the environment, and an interval that nobody waits for. */
export interface Changes {
  readonly environment?: Readonly<Record<string, string>>;
  readonly words?: Readonly<Record<string, string>>;
}

/** Also for what is no server: see its `exited` and `text`. */
export function startContainer(
  { manifests, path, volumes }: Surroundings,
  pod: PodSpec,
  name: string,
  { environment = {}, words = {} }: Changes = {},
): RunningServer {
  const container = containerOf(pod, name);
  const placed = (text: string): string => inVolumes(container, volumes, text);
  // The entry point of the image is the program.
  const [program = "billboard", ...args] = [...(container.command ?? ["billboard"]), ...(container.args ?? [])];
  const last = args.pop()!;
  const started = [program, ...[...args, substituted(last, words)].map(placed)] as const;
  class Started extends RunningServer {
    protected override get command(): readonly [string, ...string[]] {
      return started;
    }
  }
  const given: Record<string, string> = {};
  for (const [variable, value] of Object.entries(environmentOf(manifests, pod, container)))
    given[variable] = placed(value);
  return new Started({ ...given, ...environment, PATH: path });
}

function inVolumes({ volumeMounts = [] }: Container, volumes: Surroundings["volumes"], path: string): string {
  const mount = volumeMounts.find(({ mountPath }) => path === mountPath || path.startsWith(`${mountPath}/`));
  return mount === undefined ? path : volumes[mount.name]! + path.slice(mount.mountPath.length);
}

/** Puts into the folder what an image has on its PATH, and returns a PATH with it. */
export function makePath(folder: string): string {
  const program = join(folder, "billboard");
  mkdirSync(folder);
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${BILLBOARD}" "$@"\n`);
  chmodSync(program, 0o755);
  return `${folder}:${process.env["PATH"] ?? ""}`;
}
