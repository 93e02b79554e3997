/** The settings of the public port as they are where nobody sets them, in UTC. */
import type { ResponseSettings } from "../../../src/response/decisions.js";

export const SETTINGS: ResponseSettings = {
  cookie: { maxAge: 2592000, secure: false, sameSite: "Lax" },
  rotation: "no-repeat",
  bannerBaseUrl: "/campaigns/banners/",
  allowedOrigins: [],
  timeZone: "UTC",
};
