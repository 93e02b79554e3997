/** One connection on which requests go out as written and answers come back as they are. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface RawAnswer {
  readonly status: number;
  /** By lower-case name; several of one name are joined by ", ". */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export class Connection {
  readonly socket: Socket;
  readonly closed: Promise<unknown>;
  #received = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.socket = socket;
    // Not `once`, which would throw the error of a connection that is reset.
    this.closed = new Promise((resolve) => socket.once("close", resolve));
    socket.on("data", (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
    });
    // A connection that the server cuts; the answer that is then missing fails the test.
    socket.on("error", () => undefined);
  }

  /** `from` is the address of this machine that the connection comes from, where it is not left to the system. */
  static async open(port: number, host = "127.0.0.1", from?: string): Promise<Connection> {
    const socket = connect({ port, host, ...(from === undefined ? {} : { localAddress: from }) });
    await once(socket, "connect");
    return new Connection(socket);
  }

  /** Sends the lines of a request's head. */
  send(...lines: string[]): void {
    this.socket.write(`${lines.join("\r\n")}\r\nHost: test\r\n\r\n`);
  }

  /**
   * The next answer. `hasBody` is false for HEAD.
   * @throws Error where the connection ends before it is whole
   */
  async answer(hasBody = true): Promise<RawAnswer> {
    const headEnd = await this.#until(() => {
      const at = this.#received.indexOf("\r\n\r\n");
      return at === -1 ? undefined : at;
    });
    const [statusLine = "", ...lines] = this.#received.toString("latin1", 0, headEnd).split("\r\n");
    const headers: Record<string, string> = {};
    for (const line of lines) {
      const name = line.slice(0, line.indexOf(":")).toLowerCase();
      const value = line.slice(line.indexOf(":") + 1).trim();
      headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
    }
    const status = Number(statusLine.split(" ")[1]);
    // A 304 has the length of what the client has already.
    const length = hasBody && status !== 304 ? Number(headers["content-length"] ?? 0) : 0;
    const bodyStart = headEnd + 4;
    await this.#until(() => (this.#received.length >= bodyStart + length ? true : undefined));
    const body = this.#received.subarray(bodyStart, bodyStart + length);
    this.#received = this.#received.subarray(bodyStart + length);
    return { status, headers, body };
  }

  /** What has come in and belongs to no answer. */
  get rest(): string {
    return this.#received.toString("latin1");
  }

  async #until<T>(find: () => T | undefined): Promise<T> {
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (this.socket.closed || this.socket.readableEnded) throw new Error(`the connection ended: ${this.rest}`);
      await Promise.race([once(this.socket, "data"), this.closed]);
    }
  }
}
