/** Describes one decision to the form that shows it: page, redirect or JSON. */

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
