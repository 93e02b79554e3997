/** Lists the pictures of the README: what each of them shows, and how wide it is. */

export interface Sites {
  readonly visitors: URL;
  readonly administration: URL;
  readonly report: URL;
}

export interface Picture {
  readonly file: string;
  readonly site: keyof Sites;
  readonly address: string;
  readonly width: number;
  readonly height: number;
  readonly scheme: "light" | "dark";
  /** What has to be there before the picture is taken. */
  readonly awaits: string;
  /** What is scrolled to, so that its end is at the picture's. */
  readonly until?: string;
}

const DESKTOP = { width: 1200, scheme: "light" } as const;
const PHONE = { width: 390, height: 844, scheme: "dark" } as const;

// Campaign 5 is the sample's with an ordinary cell: a cut, and a banner below it.
export const PICTURES: readonly Picture[] = [
  { ...DESKTOP, file: "page.png", site: "visitors", address: "campaigns/1/", height: 500, awaits: "img" },
  { ...PHONE, file: "page-phone.png", site: "visitors", address: "campaigns/1/", awaits: "img" },
  {
    ...DESKTOP,
    file: "dashboard.png",
    site: "administration",
    address: "?campaign=5&period=2",
    height: 1020,
    awaits: "img",
  },
  { ...PHONE, file: "dashboard-phone.png", site: "administration", address: "", awaits: "main" },
  {
    ...DESKTOP,
    file: "report.png",
    site: "report",
    address: "#campaign=5&period=2",
    height: 1020,
    awaits: "html[data-ready]",
    until: "#cells",
  },
  { ...PHONE, file: "report-phone.png", site: "report", address: "#campaign=5&period=2", awaits: "html[data-ready]" },
];
