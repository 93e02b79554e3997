/** Opens all that records beside the server, and closes it: the recorder, and the port that conversions come to. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Logger } from "pino";
import { ConversionsServer } from "./conversions-server.js";
import type { RecordingPart } from "../response/decision-recorder.js";
import { Recorder, type RecordingState } from "../recording/recorder.js";
import { newRing } from "../recording/ring.js";
import {
  conversionSettings,
  recordingSettings,
  type ConversionSettings,
  type ConversionVariables,
  type RecordingSettings,
  type RecordingVariables,
} from "./settings.js";

export interface IntakeVariables extends RecordingVariables, ConversionVariables {
  readonly TIME_ZONE: string;
  readonly PUBLIC_URL: string;
}

export interface IntakeState extends RecordingState {
  /** Requests with conversions, by the status of the reply. */
  readonly replies: ReadonlyMap<number, number>;
}

export class Intake {
  /** What each worker thread is told. */
  readonly part: RecordingPart;
  readonly #recording: RecordingSettings;
  readonly #conversions: ConversionSettings | undefined;
  readonly #timeZone: string;
  readonly #log: Logger;
  readonly #maxConnections: number;
  #recorder: Recorder | undefined;
  #server: ConversionsServer | undefined;

  private constructor(
    variables: IntakeVariables,
    recording: RecordingSettings,
    workers: number,
    maxConnections: number,
    log: Logger,
  ) {
    const { key, clickMaxAge, ignoreHeader, heedsGpc } = recording;
    const rings = Array.from({ length: workers }, () => newRing());
    this.part = { rings, key, clickMaxAge, ignoreHeader, heedsGpc, clickBase: variables.PUBLIC_URL };
    this.#recording = recording;
    this.#conversions = conversionSettings(variables);
    this.#timeZone = variables.TIME_ZONE;
    this.#maxConnections = maxConnections;
    this.#log = log;
  }

  /** Undefined where nothing is to be recorded. @throws UsageError */
  static of(variables: IntakeVariables, workers: number, maxConnections: number, log: Logger): Intake | undefined {
    const recording = recordingSettings(variables);
    return recording && new Intake(variables, recording, workers, maxConnections, log);
  }

  /**
   * Returns the port of conversions; undefined where there is none.
   * @param periods of the index that is served
   * @throws Error whose message is one line
   */
  async open(periods: () => number): Promise<number | undefined> {
    const { folder, syncSeconds } = this.#recording;
    const { rings } = this.part;
    const recorder = (this.#recorder = await Recorder.open({
      folder,
      syncSeconds,
      timeZone: this.#timeZone,
      periods,
      rings,
      log: this.#log,
    }));
    if (this.#conversions === undefined) return undefined;
    const { host, port, token } = this.#conversions;
    this.#server = new ConversionsServer((rows) => recorder.conversions(rows), token, {
      maxConnections: this.#maxConnections,
      onError: (error) => {
        this.#log.error({ event: "error", err: error }, "unexpected error in a request to the port of conversions");
      },
    });
    return this.#server.listen(host, port);
  }

  /** Undefined before it is open. */
  get state(): IntakeState | undefined {
    return this.#recorder && { ...this.#recorder.state, replies: this.#server?.replies ?? new Map() };
  }

  /**
   * To be called when the workers have ended. The port is closed last: conversions that came before are confirmed, and
   * those that come meanwhile hear that they are to be sent again.
   * @returns false where the recorder thread cannot be ended, nor the process by itself
   */
  async close(deadlineMs: number): Promise<boolean> {
    const isEnded = (await this.#recorder?.close(deadlineMs)) ?? true;
    // In the event loop's next turn, when their responses are sent.
    await nextTurn();
    this.#server?.close();
    return isEnded;
  }
}
