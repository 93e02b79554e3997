/** A clock that tests set: time passes only when somebody waits for it, or reads it. */
import { setTimeout } from "node:timers/promises";
import type { Clock } from "../../../tools/load-test/clock.js";

/** A moment in period 1 of 4, in UTC. */
export const NOON = Date.UTC(2024, 0, 1, 12);

export class FakeClock implements Clock {
  /** Steady milliseconds. */
  time = 0;
  /** What `date` says when `time` is 0. */
  origin = NOON;
  /** How much longer than asked the next `sleep` lasts, in milliseconds. */
  oversleep = 0;

  date(): number {
    return this.origin + Math.floor(this.time);
  }

  /** Ten microseconds pass, so that no run takes no time at all. */
  steady(): number {
    return (this.time += 0.01);
  }

  /** Lets responses come in meanwhile, as real waiting would. */
  async sleep(milliseconds: number): Promise<void> {
    await setTimeout(1);
    this.time += milliseconds + this.oversleep;
    this.oversleep = 0;
  }
}
