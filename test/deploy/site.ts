/** A proxy with its shipped configuration, and two or three servers behind it. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Test } from "tap";
import { Connection } from "../src/server/connection.js";
import { RunningServer } from "../src/running-server.js";
import { makeCertificate } from "./certificate.js";
import { clientAddress, freePort, OWN_ADDRESS } from "./loopback.js";
import type { ProxyProcess } from "./proxy-process.js";

/** All that differs between an operator's machine and a test's. All ports are those of OWN_ADDRESS. */
export interface Place {
  /** For whatever files the proxy needs. */
  readonly folder: string;
  readonly certificate: string;
  readonly port: number;
  readonly tlsPort: number;
  readonly servers: readonly [ServerPorts, ServerPorts, third?: ServerPorts];
}

export interface ServerPorts {
  readonly port: number;
  readonly adminPort: number;
}

/** Writes the shipped configuration for this place, and starts the proxy with it. */
export type StartProxy = (place: Place) => ProxyProcess;

export class Site {
  readonly #connections: Connection[] = [];

  private constructor(
    readonly place: Place,
    readonly proxy: ProxyProcess,
  ) {}

  /** A proxy before what listens on these ports, with a folder of its own in this one. */
  static async open(t: Test, start: StartProxy, parent: string, servers: Place["servers"]): Promise<Site> {
    const folder = join(parent, "proxy");
    mkdirSync(folder);
    const place = {
      folder,
      certificate: makeCertificate(folder),
      port: await freePort(),
      tlsPort: await freePort(),
      servers,
    };
    const site = new Site(place, start(place));
    t.teardown(() => site.#close());
    await site.proxy.ready(place.port, OWN_ADDRESS);
    return site;
  }

  /** The connection of a visitor who is new to the proxy. */
  async visit(): Promise<Connection> {
    return this.#keep(await Connection.open(this.place.port, OWN_ADDRESS, clientAddress()));
  }

  /** A connection to one of the servers, past the proxy. */
  async visitServer(which: 0 | 1): Promise<Connection> {
    return this.#keep(await Connection.open(this.place.servers[which].port, OWN_ADDRESS));
  }

  #keep(connection: Connection): Connection {
    this.#connections.push(connection);
    return connection;
  }

  async #close(): Promise<void> {
    for (const { socket } of this.#connections) socket.destroy();
    await this.proxy.stop();
  }
}

/**
 * A server with this index. The ports are numbers that were chosen before: one that the kernel chooses for a server
 * itself cannot be taken again right after its end, by the next one.
 */
export function startServer(
  t: Test,
  indexFile: string,
  { port, adminPort }: ServerPorts,
  settings: Readonly<Record<string, string>> = {},
): RunningServer {
  const server = new RunningServer({
    HOST: OWN_ADDRESS,
    PORT: String(port),
    ADMIN_HOST: OWN_ADDRESS,
    ADMIN_PORT: String(adminPort),
    INDEX_FILE: indexFile,
    ...settings,
  });
  t.teardown(() => server.stop());
  return server;
}
