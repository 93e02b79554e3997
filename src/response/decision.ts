/** Describes decisions to the forms that show them: page, redirect and JSON. */
import type { Catalog } from "../index/catalog.js";
import type { CacheMemory } from "./cache.js";
import type { Reply } from "./reply.js";
import type { Request } from "./request.js";

/** A worker reuses one object for all requests, so that none allocates. */
export interface Decision {
  cell: number;
  /** The index in `bannerIds`. */
  banner: number;
  /** The campaign's id as it stands in the address: to format a number beyond 2^31 takes longer than all the rest. */
  campaign: string;
  /** What the visitor remembers behind the banner: `-5-88`. */
  earlier: string;
  isExplored: boolean;
  /** Milliseconds since 1970. */
  moment: number;
  /** False for HEAD, which is answered as GET, and counts nowhere. */
  isCounted: boolean;
}

/** Shows a decision. */
export interface Form {
  respond(decision: Readonly<Decision>, request: Request, reply: Reply): void;
}

/** Routes that decide. */
export type FormName = "campaign" | "banner" | "banner.json";

export type Forms = Readonly<Record<FormName, Form>>;

/** What each form is made with. */
export interface FormSettings {
  readonly catalog: Catalog;
  readonly bannerBaseUrl: string;
  /** undefined where no cookie is set. */
  readonly cookieEnd: string | undefined;
  readonly memory: CacheMemory;
  /** Whether visitors remember what they were shown. */
  readonly remembers: boolean;
}
