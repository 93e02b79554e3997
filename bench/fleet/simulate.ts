/**
 * Simulates replicas that poll one origin for their index: no socket, no clock, the same at every run. Bytes of bodies
 * and the moments of requests are counted; a request itself takes no time.
 */
import { EventQueue } from "./event-queue.js";
import { SharedLine, type Bandwidth } from "./shared-line.js";

export interface Fleet {
  readonly replicas: number;
  readonly indexBytes: number;
  readonly bandwidth: Bandwidth;
  /** Seconds until the next request, after this many failures one after the other. */
  readonly delay: (failures: number) => number;
  /** When each replica asks first. */
  readonly firstRequest: (replica: number) => number;
  /** When the new index is there; Infinity for never. Until then, and for whoever has it, the answer is 304. */
  readonly published: number;
  /** From when until when the origin answers nothing, and has cut what was under way. */
  readonly outage?: { readonly from: number; readonly until: number };
  /** From when on requests are counted. */
  readonly countFrom?: number;
  /** How long to go on, in seconds, where not all have the new index before. */
  readonly until: number;
}

export interface Outcome {
  readonly requests: number;
  /** The most in one second. */
  readonly peakRequests: number;
  readonly bytes: number;
  /** The most bytes a second. */
  readonly peakBandwidth: number;
  /** When each replica that has the new index got the last byte of it, in seconds, ascending. */
  readonly arrivals: readonly number[];
  /** When the last thing happened. */
  readonly end: number;
}

const NO_OUTAGE = { from: Infinity, until: Infinity };

export function simulate(fleet: Fleet): Outcome {
  const { replicas, indexBytes, delay, outage = NO_OUTAGE, countFrom = 0 } = fleet;
  const line = new SharedLine(fleet.bandwidth);
  const polls = new EventQueue<number>();
  const missing = Array.from({ length: replicas }, () => indexBytes);
  const failures = new Uint32Array(replicas);
  const arrivals: number[] = [];
  const perSecond = new Map<number, number>();
  let [requests, end] = [0, 0];

  const fail = (replica: number, now: number): void => {
    failures[replica]!++;
    polls.add(now + delay(failures[replica]!), replica);
  };
  const succeed = (replica: number, now: number): void => {
    failures[replica] = 0;
    polls.add(now + delay(0), replica);
  };
  const ask = (replica: number, now: number): void => {
    if (now >= countFrom) {
      requests++;
      perSecond.set(Math.floor(now), (perSecond.get(Math.floor(now)) ?? 0) + 1);
    }
    if (now >= outage.from && now < outage.until) fail(replica, now);
    else if (now >= fleet.published && missing[replica]! > 0) line.start(now, replica, missing[replica]!);
    else succeed(replica, now);
  };

  for (let replica = 0; replica < replicas; replica++) polls.add(fleet.firstRequest(replica), replica);
  let cutAt = outage.from;
  while (arrivals.length < replicas) {
    const now = Math.min(polls.nextAt, line.nextEnd, cutAt);
    if (now > fleet.until) break;
    end = now;
    if (now === line.nextEnd) {
      const replica = line.end();
      missing[replica] = 0;
      arrivals.push(now);
      succeed(replica, now);
    } else if (now === cutAt) {
      cutAt = Infinity;
      for (const { who, bytes } of line.cut(now)) {
        // Where it was cut, it goes on.
        missing[who]! -= bytes;
        fail(who, now);
      }
    } else ask(polls.take(), now);
  }
  const peakRequests = Math.max(0, ...perSecond.values());
  return { requests, peakRequests, bytes: line.sent, peakBandwidth: line.peak, arrivals, end };
}
