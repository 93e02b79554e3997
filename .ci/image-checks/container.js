// Runs an image that lies in a folder as a container engine would: its root read-only, its user without any right,
// what it runs as process 1.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/** Arguments: the root, user, group, number of mounts, three for each (from, to, ro or rw), the command. */
const START = `
set -e
root=$1 user=$2 group=$3 mounts=$4
shift 4
mount --bind "$root" "$root"
while [ "$mounts" -gt 0 ]; do
  mount --bind "$1" "$root$2"
  mount -o "remount,bind,$3" "$root$2"
  mounts=$((mounts - 1))
  shift 3
done
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -o remount,bind,ro "$root"
exec chroot "$root" setpriv --reuid "$user" --regid "$group" --clear-groups --inh-caps=-all --ambient-caps=-all \
  --bounding-set=-all --no-new-privs env -i "$@"`;

/**
 * @param {{ root: string, config: object, folder: string }} image its settings, and where its volumes lie
 * @param {object} service of compose.yaml, as `docker-compose config` prints it
 * @param {{ command?: string[], isNamed?: boolean }} options in place of what the service runs; whether `server` has an address
 */
export function start({ root, config, folder }, service, { command, isNamed = false } = {}) {
  const ours = service.command?.map((part) => part.replaceAll("$$", "$"));
  const whole = command ?? [...(service.entrypoint ?? config.Entrypoint), ...(ours ?? config.Cmd)];
  const env = [...config.Env, ...Object.entries(service.environment).map(([name, value]) => `${name}=${value}`)];
  const hosts = [join(folder, isNamed ? "hosts" : "no-hosts"), "/etc/hosts", "ro"];
  const mounts = [hosts, ...service.volumes.map((volume) => mountOf(volume, root, folder))];
  const args = [root, ...config.User.split(":"), mounts.length, ...mounts.flat(), ...env, ...whole].map(String);
  const options = ["--mount", "--pid", "--fork", "--kill-child", "sh", "-c", START, "sh", ...args];
  const outer = spawn("unshare", options, { stdio: ["ignore", "pipe", "pipe"] });
  const output = { text: "", isWhole: false };
  for (const stream of [outer.stdout, outer.stderr]) stream.on("data", (bytes) => (output.text += bytes));
  const ended = once(outer, "close").then(([code]) => {
    output.isWhole = true;
    return { code, output: output.text };
  });
  return {
    output,
    ended,
    /** To process 1 of the container; unshare itself hands nothing on. */
    kill: (signal) =>
      process.kill(Number(readFileSync(`/proc/${outer.pid}/task/${outer.pid}/children`, "utf8")), signal),
  };
}

function mountOf({ type, source, target, read_only: isReadOnly = false }, root, folder) {
  const inImage = join(root, target);
  mkdirSync(inImage, { recursive: true });
  if (type === "bind") return [source, target, isReadOnly ? "ro" : "rw"];
  const volume = join(folder, "volumes", source);
  if (!existsSync(volume)) {
    mkdirSync(volume, { recursive: true });
    // As engines do with a new volume.
    const { uid, gid } = statSync(inImage);
    chownSync(volume, uid, gid);
  }
  return [volume, target, isReadOnly ? "ro" : "rw"];
}
