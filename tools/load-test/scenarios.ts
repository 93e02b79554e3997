/** Says what each scenario asks of a server. */

export const REQUIRED_PER_MINUTE = 5_000;

/** The part of its rate that an open load may miss: it cannot exceed it, and the last answer always takes a moment. */
export const OPEN_TOLERANCE = 0.01;

/** A closed load sends when the request before on a connection is answered; an open load, at fixed moments. */
export type Load =
  | { readonly kind: "closed"; readonly requests: number; readonly connections: number }
  | { readonly kind: "open"; readonly requests: number; readonly perMinute: number };

export interface LoadSettings {
  readonly connections: number;
  readonly requests: number;
  /** Requests a minute. */
  readonly rate: number;
  /** Seconds. */
  readonly duration: number;
}

interface Scenario {
  readonly help: string;
  readonly campaigns: "one" | "all";
  readonly options: readonly ("campaign" | keyof LoadSettings)[];
  readonly load: (settings: LoadSettings) => Load;
}

export type ScenarioName = "seed-5k" | "seed-50k" | "visitors" | "rate";

function seed(requests: number): Scenario {
  return {
    help: `${requests.toLocaleString("en-US")} requests for one campaign`,
    campaigns: "one",
    options: ["campaign", "connections"],
    load: ({ connections }) => ({ kind: "closed", requests, connections }),
  };
}

export const SCENARIOS: Readonly<Record<ScenarioName, Scenario>> = {
  "seed-5k": seed(5_000),
  "seed-50k": seed(50_000),
  visitors: {
    help: "each connection is a visitor who goes round all campaigns",
    campaigns: "all",
    options: ["connections", "requests"],
    load: ({ connections, requests }) => ({ kind: "closed", requests, connections }),
  },
  rate: {
    help: "visitors come at a fixed rate, however long the answers take",
    campaigns: "all",
    options: ["rate", "duration"],
    load: ({ rate, duration }) => ({
      kind: "open",
      requests: Math.max(1, Math.round((rate * duration) / 60)),
      perMinute: rate,
    }),
  },
};
