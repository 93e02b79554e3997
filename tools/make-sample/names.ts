/** Writes the sample's `campaigns.csv`: most campaigns have a name, and the one that pauses has a default banner. */
import { CAMPAIGNS } from "./campaigns.js";

const PAUSES = 28;
const DEFAULT_BANNER = 128;

/** In order of id; "" for none. */
const NAMES = [
  ...["Summer sale", "Autumn sale", "Winter sale", "Last chance", "Five for two", "Eleven friends", "Newsletter"],
  ...["City trips", "By the sea", "In the mountains", "Family days", "Weekend", "Night trains", "Cycling"],
  ...["Museums", "Three rivers", "", "Refunds welcome", "One of a kind", "A few good ones", "Second quarter"],
  ...['Spring, summer & "autumn"', "Grand tour", "Late bookings", "Brand", "Größe zählt", "No picture yet"],
  ...["Closed at half past", "Growth", ""],
];

export function campaignsCsv(): string {
  const rows = CAMPAIGNS.map(({ id }, at) => {
    const name = NAMES[at]!;
    const field = /[",]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
    return [id, field, id === PAUSES ? DEFAULT_BANNER : ""].join(",");
  });
  return ["campaign_id,name,default_banner", ...rows, ""].join("\n");
}
