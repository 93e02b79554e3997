/** Draws what an open campaign has where a server answers: visits, and snippets for other sites, to copy. */
import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { count, counted } from "../../src/index/wording.js";
import { expectedShares } from "../../src/view/expected-share.js";
import type { Campaign, Cell } from "../../src/view/rows.js";
import { snippetsOf, type Snippets } from "../../src/view/snippets.js";
import { ask, read } from "../live/server.js";
import { Action, Card } from "../parts.js";
import { useShell } from "../shell.js";
import { Table } from "../table.js";
import { Banner, Thumbnail } from "./banner-table.js";
import { publicUrl } from "./campaign-view.js";

const TEXTS: Readonly<Record<keyof Snippets, string>> = {
  script: "A script, which leads to each banner’s own link",
  frame: "A frame, where a page may have no foreign script",
  image: "An image, where a page may have nothing else",
};

export function LiveCampaign({ campaign, at }: { campaign: Campaign; at: number }): VNode {
  const server = useShell().settings.server!;
  const cell = campaign.cells[at - 1];
  // Another cell has other visits, and so has another index.
  const key = `${campaign.generation} ${campaign.campaign} ${at}`;
  const snippets = snippetsOf(publicUrl(server), campaign, server.records);
  return (
    <>
      {cell && <Visitor key={key} campaign={campaign} cell={cell} />}
      <Card id="embed" title="Embed it">
        <p class="quiet">
          Scripts get banners on sites that ALLOWED_ORIGINS names. In frames and images on other sites, visitors are
          remembered with COOKIE_SAMESITE=None alone.
          {server.public_url === null &&
            " The snippets have this page’s host: set PUBLIC_URL to the address that visitors reach."}
          {server.records &&
            " A click at an image is counted by a cookie, which browsers send on this server’s own site alone: on other sites it leads to the campaign’s page, uncounted."}
        </p>
        <div class="snippets">
          {(["script", "frame", "image"] as const).map((kind) => (
            <Snippet key={kind} kind={kind} text={snippets[kind]} />
          ))}
        </div>
      </Card>
    </>
  );
}

function Snippet({ kind, text }: { kind: keyof Snippets; text: string }): VNode {
  const what = TEXTS[kind];
  const code = useRef<HTMLPreElement>(null);
  const copy = async (): Promise<string> => {
    try {
      await navigator.clipboard.writeText(text);
      return "Copied.";
    } catch {
      // Browsers let a page copy only over https, and from the own machine.
      getSelection()?.selectAllChildren(code.current!);
      return "Selected: copy it by keyboard.";
    }
  };
  return (
    <div>
      <h3>{what}</h3>
      <pre ref={code} tabIndex={0} aria-label={what}>
        {text}
      </pre>
      <Action text={`Copy the ${kind}`} does={copy} />
    </div>
  );
}

type VisitorProps = Readonly<{ campaign: Campaign; cell: Cell }>;

/** `last` is what the visitor remembers. */
const NONE = { banners: [] as readonly number[], explored: [] as readonly boolean[], last: "", said: "" };
const MAX_LATEST = 8;

function Visitor({ campaign, cell }: VisitorProps): VNode {
  const [visits, setVisits] = useState(NONE);
  const isAsking = useRef(false);
  /** Starts again with 0. */
  const visit = async (times: number): Promise<void> => {
    if (times === 0) setVisits(NONE);
    // Two at once would remember the same.
    if (times === 0 || isAsking.current) return;
    isAsking.current = true;
    const query = `campaign=${campaign.campaign}&period=${cell.period}&visits=${times}`;
    try {
      const response = await ask(`/visit.json?${query}&last=${encodeURIComponent(visits.last)}`);
      const { banners: came, explored: drawn, last } = await read<Omit<typeof NONE, "said">>(response);
      const banners = [...visits.banners, ...came];
      const explored = [...visits.explored, ...drawn];
      const how = drawn.at(-1) === true ? ", drawn to explore" : "";
      setVisits({ banners, explored, last, said: `Visit ${count(banners.length)}: banner ${came.at(-1)}${how}` });
    } catch (error) {
      setVisits({ ...visits, said: (error as Error).message });
    }
    isAsking.current = false;
  };
  const latest = visits.banners.slice(-MAX_LATEST).reverse();
  const drawn = visits.explored.filter(Boolean).length;
  return (
    <Card id="visitor" title="Be a visitor">
      <p>Press and get the next banner. It is the server’s own decision, and is not counted.</p>
      <p class="buttons">
        {[1, 10, 1000, 0].map((times) => (
          <button type="button" class={times === 0 ? "plain" : ""} key={times} onClick={() => void visit(times)}>
            {times === 0 ? "Start again" : counted(times, "visit")}
          </button>
        ))}
      </p>
      <div class="visits">
        <div class="stage">
          {latest.length === 0 && <p class="thumbnail quiet">No banner yet</p>}
          {latest.map((banner, index) => (
            <Thumbnail key={index} campaign={campaign} banner={banner} isExplored={visits.explored.at(-1 - index)} />
          ))}
          <p role="status">{visits.said}</p>
          {drawn > 0 && <p class="quiet">{counted(drawn, "visit")} explored, as those with a dashed rim</p>}
        </div>
        <Shares campaign={campaign} cell={cell} shown={visits.banners} />
      </div>
    </Card>
  );
}

/** Those of the pool, or behind the cut where the cell explores, are one row, since each of them is rare. */
function Shares({ campaign, cell, shown }: VisitorProps & { readonly shown: readonly number[] }): VNode {
  const { rotation } = useShell().settings.server!;
  const { fixed, random_places: drawn, exploration = 0, banners } = cell;
  const rest = banners.length - fixed;
  const { eachFixed, wholeRest } = expectedShares({ fixed, drawn, rest, exploration }, rotation);
  const restText = `${count(rest)} ${drawn > 0 ? "of the pool" : "behind the cut"}`;
  const always = banners.slice(0, fixed).map(({ banner }) => banner);
  // 0 stands for the others.
  const came = shown.map((banner) => (always.includes(banner) ? banner : 0));
  const visitsOf = (banner: number): number => came.filter((each) => each === banner).length;
  return (
    <Table
      id="shares"
      caption="How often each banner was shown, beside how often it is expected"
      columns={[
        { id: "name", head: "Banner", isText: true },
        { id: "visits", head: "Visits", as: "count", value: visitsOf },
        { id: "share", head: "Share", as: "percent", value: (banner) => visitsOf(banner) / shown.length || 0 },
        { id: "expected", head: "Expected", as: "percent", value: (banner) => (banner ? eachFixed : wholeRest) },
      ]}
      cells={{ name: (banner) => (banner ? <Banner campaign={campaign} banner={banner} /> : restText) }}
      rows={rest > 0 && drawn + exploration > 0 ? [...always, 0] : always}
    />
  );
}
