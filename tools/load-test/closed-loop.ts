/** Each connection sends its next request when the one before is answered. autocannon holds the connections. */
import autocannon from "autocannon";
import { lossOf, LOST, type Drive, type Ending } from "./drive.js";
import type { Answer, Judge } from "./judge.js";
import type { Load } from "./scenarios.js";
import { Visitor, type Visit } from "./visitor.js";

type ClosedLoad = Extract<Load, { kind: "closed" }>;

/** autocannon looks only this often, in milliseconds, whether it has done. */
const SAMPLE_MS = 100;
/** So many requests lost for each connection, with no answer between them, say that the server has gone. */
const LOST_PER_CONNECTION = 10;

/** Resolves when all is answered or lost, or early where the run is interrupted or the server has gone. */
export function closedLoop(drive: Drive, load: ClosedLoad): Promise<Ending> {
  const { campaigns, judge, signal, timeout, url } = drive;
  const connections = Math.min(load.connections, load.requests);
  return new Promise((resolve, reject) => {
    let ending: Ending = "done";
    let lostInARow = 0;
    let visitors = 0;
    const stop = (reason: Ending): void => {
      ending = reason;
      instance.stop();
    };
    const interrupt = (): void => {
      stop("interrupted");
    };
    const outcome: Outcome = {
      answered: (visit, answer) => {
        lostInARow = 0;
        judge.answered(visit, answer);
      },
      lost: (visit, reason) => {
        // What we end ourselves is not lost.
        if (ending !== "done") return;
        judge.lost(visit, reason);
        if (++lostInARow === connections * LOST_PER_CONNECTION) stop("server gone");
      },
    };
    const setupClient = (client: autocannon.Client): void => {
      const firstTurn = Math.floor((visitors * campaigns.length) / connections);
      new Seat(drive, new Visitor(++visitors), firstTurn, outcome).take(client);
    };
    const options = { url: url.origin, connections, amount: load.requests, timeout, sampleInt: SAMPLE_MS, setupClient };
    const instance = autocannon(options, (error: unknown) => {
      signal.removeEventListener("abort", interrupt);
      if (error instanceof Error) reject(error);
      else resolve(ending);
    });
    signal.addEventListener("abort", interrupt);
  });
}

type Outcome = Pick<Judge, "answered" | "lost">;

/** A visitor on a connection of autocannon's. */
class Seat {
  /** The request on its way. autocannon's own count of errors leaves out connections that are closed before the answer. */
  #visit: Visit | undefined;
  #turn: number;
  #lossCode = "";

  constructor(
    readonly drive: Drive,
    readonly visitor: Visitor,
    firstTurn: number,
    readonly outcome: Outcome,
  ) {
    this.#turn = firstTurn;
  }

  take(client: autocannon.Client): void {
    client.addListener("connError", ({ code = LOST.closed }: NodeJS.ErrnoException) => (this.#lossCode = code));
    client.addListener("done", () => {
      this.#settle();
    });
    client.setRequests([
      {
        setupRequest: (request) => this.#next(request),
        onResponse: (status, body, _context, headers) => {
          this.#answered(toAnswer(status, body, headers ?? {}));
        },
      },
    ]);
  }

  #next(request: autocannon.Request): autocannon.Request {
    const { campaigns, clock } = this.drive;
    this.#settle();
    const campaign = campaigns[this.#turn++ % campaigns.length]!;
    const { cookie } = this.visitor.memoryOf(campaign);
    request.path = `/campaigns/${campaign}`;
    if (cookie !== "") request.headers = { ...request.headers, cookie };
    this.#visit = { visitor: this.visitor, campaign, since: clock.steady(), sentOn: clock.date() };
    return request;
  }

  #answered(answer: Answer): void {
    const visit = this.#visit;
    this.#visit = undefined;
    if (visit !== undefined) this.outcome.answered(visit, answer);
  }

  /** autocannon goes on after an answer, a timeout or the connection's end: a request that is on its way then is lost. */
  #settle(): void {
    if (this.#visit === undefined) return;
    this.outcome.lost(this.#visit, this.#reason(this.#visit));
    this.#visit = undefined;
    this.#lossCode = "";
  }

  #reason({ since }: Visit): string {
    if (this.#lossCode !== "") return lossOf(this.#lossCode);
    // Timers count whole milliseconds, and may be one early by the finer clock.
    return this.drive.clock.steady() - since > this.drive.timeout * 1000 - 2 ? LOST.timeout : LOST.closed;
  }
}

function toAnswer(
  status: number,
  body: string,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Answer {
  let contentType = "";
  let setCookies: string[] = [];
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined) continue;
    const lowerCase = name.toLowerCase();
    if (lowerCase === "content-type") contentType = String(value);
    else if (lowerCase === "set-cookie") setCookies = typeof value === "string" ? [value] : value;
  }
  return { status, contentType, setCookies, body };
}
