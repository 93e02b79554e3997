/** Makes of the settings what pulls an index and what is trusted. */
import { publicKeyOf } from "./signature.js";
import { IndexSource } from "./source.js";
import type { S3Environment } from "./s3.js";
import { readIndexToken, type IndexTokenSettings } from "./token.js";
import type { FeedSettings } from "./feed.js";
import type { Trust } from "./trust.js";

export interface TrustSettings {
  readonly INDEX_PUBLIC_KEY: string;
  readonly INDEX_ALLOW_OLDER: boolean;
}

export interface SourceSettings extends IndexTokenSettings, TrustSettings {
  readonly INDEX_URL: URL | "";
  readonly INDEX_POLL: number;
  readonly INDEX_MAX_BYTES: number;
  readonly SWITCH_AT: "now" | "period";
}

export function trustOf({ INDEX_PUBLIC_KEY, INDEX_ALLOW_OLDER }: TrustSettings): Trust {
  return { key: publicKeyOf(INDEX_PUBLIC_KEY), allowOlder: INDEX_ALLOW_OLDER };
}

/** @throws UsageError where the token cannot be read */
export function feedSettingsOf(
  settings: SourceSettings & { readonly INDEX_FILE: string },
  environment: S3Environment,
): FeedSettings {
  const { INDEX_FILE: file, INDEX_URL: address, INDEX_POLL, SWITCH_AT } = settings;
  const trust = trustOf(settings);
  if (address === "") return { file, trust, pull: undefined };
  const pull = {
    source: new IndexSource(address, readIndexToken(settings), environment),
    trust,
    file,
    pollMs: INDEX_POLL * 1000,
    maxBytes: settings.INDEX_MAX_BYTES,
    hasSwitch: SWITCH_AT === "period",
  };
  return { file, trust, pull };
}
