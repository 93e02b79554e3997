/** Has each connection send its next request when the one before is settled; a visitor sits on each. */
import { Connection, type Outcome } from "./connection.js";
import type { Drive, Ending } from "./run.js";
import type { Load } from "./scenarios.js";
import { Visitor } from "./visitors.js";

/** So many requests lost for each connection, with no response between them, say that the server has gone. */
const LOST_PER_CONNECTION = 10;
const SWEEP_MS = 50;

interface Seat {
  readonly visitor: Visitor;
  connection: Connection;
  /** Counts the visitor's requests, from where in the list of campaigns it begins. */
  turn: number;
}

/** Resolves when all requests are settled, or early where the run is interrupted or the server has gone. */
export function closedLoop(drive: Drive, load: Extract<Load, { kind: "closed" }>): Promise<Ending> {
  const { host, port, campaigns, visits, signal, timeoutMs } = drive;
  const connections = Math.min(load.connections, load.requests);
  let sent = 0;
  let settled = 0;
  let lostInARow = 0;
  let ending: Ending | undefined;
  const seats = Array.from({ length: connections }, (_, at): Seat => {
    const turn = Math.floor((at * campaigns.length) / connections);
    return { visitor: new Visitor(at + 1), connection: new Connection(host, port), turn };
  });
  return new Promise((resolve) => {
    const sweep = setInterval(() => {
      for (const { connection } of seats) connection.expire(timeoutMs, Infinity);
    }, SWEEP_MS);
    const interrupt = (): void => {
      end("interrupted");
    };
    const end = (reason: Ending): void => {
      if (ending !== undefined) return;
      ending = reason;
      clearInterval(sweep);
      signal.removeEventListener("abort", interrupt);
      for (const { connection } of seats) connection.close();
      resolve(reason);
    };
    const next = (seat: Seat): void => {
      if (sent === load.requests || ending !== undefined) return;
      sent++;
      if (seat.connection.isClosed) seat.connection = new Connection(host, port);
      const visit = visits.begin(seat.visitor, campaigns[seat.turn++ % campaigns.length]!);
      seat.connection.send(visits.request(visit), (outcome) => {
        visits.settle(visit, outcome);
        receive(seat, outcome);
      });
    };
    const receive = (seat: Seat, outcome: Outcome): void => {
      lostInARow = typeof outcome === "string" ? lostInARow + 1 : 0;
      if (++settled === load.requests) end("done");
      else if (lostInARow === connections * LOST_PER_CONNECTION) end("server gone");
      else next(seat);
    };
    signal.addEventListener("abort", interrupt);
    if (signal.aborted) interrupt();
    seats.forEach(next);
  });
}
