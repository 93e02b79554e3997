/** Reads `campaigns.csv`: the name of each campaign, and the banner that it shows where it has no other. */
import { readId } from "../src/index/ids.js";
import { quoted } from "../src/options/printable.js";
import type { FileAccount } from "./count/account.js";
import { readIdTable, type IdRowSink } from "./count/id-table.js";
import type { RejectLog } from "./count/rejects.js";
import { lineError } from "./images/texts.js";
import type { BadRows } from "./read/data-error.js";
import { idError } from "./read/event-rows.js";
import type { RowFormat } from "./read/row-format.js";

const MAX_NAME_LENGTH = 200;

export interface Campaign {
  /** "" for none. */
  readonly name: string;
  /** 0 for none. */
  readonly defaultBanner: number;
}

const CAMPAIGN_ROWS: RowFormat<IdRowSink<Campaign>> = {
  columns: ["campaign_id", "name", "default_banner"],
  optional: ["name", "default_banner"],
  parse: (row, line, columns, sink) => {
    const [idText, nameText, bannerText] = columns.map((column) => (row[column] ?? "").trim());
    const id = readId(idText!);
    if (id === 0) return idError("campaign_id", idText!);
    const error = lineError(nameText!, MAX_NAME_LENGTH);
    if (error !== undefined) return `name ${quoted(nameText!)} ${error}`;
    const defaultBanner = readId(bannerText!);
    if (defaultBanner === 0 && bannerText !== "") return idError("default_banner", bannerText!);
    sink.row(id, { name: nameText!, defaultBanner }, line);
    return undefined;
  },
};

export interface Campaigns {
  readonly campaigns: ReadonlyMap<number, Campaign>;
  readonly account: FileAccount;
}

/** @param campaignIds campaigns that have events or placements */
export async function readCampaigns(
  file: { readonly path: string; readonly name: string },
  campaignIds: ReadonlySet<number>,
  badRows: BadRows,
  rejects: RejectLog,
): Promise<Campaigns> {
  const { rows, account } = await readIdTable(
    { ...file, kind: "campaigns" },
    CAMPAIGN_ROWS,
    (id, { defaultBanner }) => defaultBanner !== 0 || campaignIds.has(id),
    "is in no event and has no default_banner",
    badRows,
    rejects,
  );
  return { campaigns: rows, account };
}
