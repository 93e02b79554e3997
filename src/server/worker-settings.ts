/** Makes of the settings what each worker is told. */
import type { Rotation } from "../decision/decide.js";
import type { CookieSettings } from "../response/cookie.js";
import type { RecordingPart } from "../response/decision-recorder.js";
import type { ResponseSettings } from "../response/decisions.js";
import type { Engine } from "./engine.js";
import type { WorkerSettings } from "./messages.js";

export interface ServingSettings {
  readonly HOST: string;
  readonly COOKIES: boolean;
  readonly COOKIE_MAX_AGE: number;
  readonly COOKIE_SECURE: boolean;
  readonly COOKIE_SAMESITE: CookieSettings["sameSite"];
  readonly ROTATION: Rotation;
  readonly BANNER_BASE_URL: string;
  readonly ALLOWED_ORIGINS: readonly string[];
  readonly TIME_ZONE: string;
  readonly PERIOD: number | "";
  readonly ACCESS_LOG_SAMPLE: number;
}

export function responseSettings(config: ServingSettings): ResponseSettings {
  return {
    cookie: config.COOKIES
      ? { maxAge: config.COOKIE_MAX_AGE, secure: config.COOKIE_SECURE, sameSite: config.COOKIE_SAMESITE }
      : undefined,
    rotation: config.ROTATION,
    bannerBaseUrl: config.BANNER_BASE_URL,
    allowedOrigins: config.ALLOWED_ORIGINS,
    timeZone: config.TIME_ZONE,
  };
}

/** @param port the one that was taken */
export function workerSettings(
  config: ServingSettings,
  engine: Engine,
  port: number,
  recording: RecordingPart | undefined,
): WorkerSettings {
  return {
    engine,
    response: responseSettings(config),
    host: config.HOST,
    port,
    accessLogSample: config.ACCESS_LOG_SAMPLE,
    fixedPeriod: config.PERIOD || undefined,
    recording,
  };
}
