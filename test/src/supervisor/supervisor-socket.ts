/** The socket that systemd has for a unit's messages. Node.js has none of the kind, and Perl is in every Debian. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface, type Interface } from "node:readline";

const RECEIVER = `use Socket;
my ($name) = @ARGV;
my $socket;
socket($socket, AF_UNIX, SOCK_DGRAM, 0) && bind($socket, pack_sockaddr_un($name =~ s/^@/\\0/r)) or die "$name: $!";
$| = 1;
print "bound\\n";
while (defined recv($socket, my $message, 65536, 0)) { print $message =~ s/\\n/ | /gr, "\\n" }`;

export class SupervisorSocket {
  /** Every message, its lines with bars between them, without the barriers by which a sender waits. */
  readonly messages: string[] = [];
  readonly #receiver: ChildProcess;
  #onMessage: () => void = () => undefined;

  private constructor(receiver: ChildProcess, lines: Interface) {
    this.#receiver = receiver;
    lines.on("line", (line) => {
      if (line !== "BARRIER=1") this.messages.push(line);
      this.#onMessage();
    });
  }

  /** @param name a path, or a name with @ before it */
  static async open(name: string): Promise<SupervisorSocket> {
    const receiver = spawn("perl", ["-e", RECEIVER, name], { stdio: ["ignore", "pipe", "inherit"] });
    const lines = createInterface({ input: receiver.stdout });
    const ended = once(receiver, "exit").then(() => {
      throw new Error(`there is no socket ${name}`);
    });
    await Promise.race([once(lines, "line"), ended]);
    // From here on, it ends by `close` alone.
    ended.catch(() => undefined);
    return new SupervisorSocket(receiver, lines);
  }

  /** Resolves with the place behind the first message from `begin` on that has these words. */
  async received(words: string, begin = 0): Promise<number> {
    for (;;) {
      const at = this.messages.findIndex((message, at) => at >= begin && message.includes(words));
      if (at !== -1) return at + 1;
      await new Promise<void>((resolve) => (this.#onMessage = resolve));
    }
  }

  close(): void {
    this.#receiver.kill("SIGKILL");
  }
}
