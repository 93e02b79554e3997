/** Draws the frame of the interface, and the view that the address in the browser asks for. */
import type { VNode } from "preact";
import { useEffect, useMemo, useReducer, useRef } from "preact/hooks";
import { addressText, readAddress, type Address } from "./address.js";
import { CampaignView } from "./campaign/campaign-view.js";
import { ChangesView } from "./changes.js";
import { Overview } from "./overview.js";
import { Link } from "./parts.js";
import { ShellContext, type Page, type Shell, type Surroundings } from "./shell.js";

const OVERVIEW: Page = { view: "overview", name: "Overview", Content: Overview };
const CHANGES: Page = { view: "changes", name: "Changes", Content: ChangesView };

export function App({ shell }: { readonly shell: Shell }): VNode {
  const { start, own, generation, corner, Notice } = shell;
  const read = (): Address => readAddress((start === "?" ? location.search : location.hash).slice(start.length));
  const [address, readAnew] = useReducer<Address, unknown, undefined>(read, undefined, read);
  const { view, campaign } = address;
  const surroundings = useMemo<Surroundings>(() => {
    const href: Surroundings["href"] = (change) => start + addressText({ ...address, ...change });
    const go: Surroundings["go"] = (change, how = "pushState") => {
      history[how](true, "", href(change));
      if (how === "pushState") isBack.current = false;
      readAnew(change);
    };
    return { ...shell, address, href, go };
  }, [shell, address]);
  const isBack = useRef(false);
  useEffect(() => {
    history.replaceState(true, "");
    // The latter where a link was written by hand into the address of a file: it has no state then.
    for (const name of ["popstate", "hashchange"])
      addEventListener(name, (event) => {
        isBack.current = history.state !== null;
        readAnew(event);
      });
  }, []);
  const pages = [OVERVIEW, CHANGES, own];
  const page = pages.find((each) => each.view === view) ?? OVERVIEW;
  // Without an index, there is only why to show.
  const Content = generation === "" ? own.Content : campaign === 0 ? page.Content : CampaignView;
  const current = campaign === 0 ? "page" : "true";
  const main = useRef<HTMLElement>(null);
  const focus = (event?: Event): void => {
    event?.preventDefault();
    main.current!.focus({ preventScroll: true });
    // The browser itself knows where one was on a page that one goes back to.
    if (event || !isBack.current) scrollTo(0, 0);
  };
  const open = `${view} ${campaign}`;
  const before = useRef(open);
  useEffect(() => {
    document.title = `${campaign === 0 ? page.name : `Campaign ${campaign}`} · Billboard`;
    // Screen readers are told of a new view by the focus.
    if (before.current !== open) focus();
    before.current = open;
  }, [open]);
  return (
    <ShellContext.Provider value={surroundings}>
      {/* By a program: the hash of a file's address is its state. */}
      <a class="skip" href="#main" onClick={focus}>
        Skip to the content
      </a>
      <header class="frame">
        <div class="product">
          <Link to={{ view: "overview", campaign: 0, at: 0 }}>Billboard</Link>
        </div>
        <nav aria-label="Views">
          <ul>
            {pages.map(({ view, name }) => (
              <li key={view}>
                <Link
                  to={{ view, campaign: 0, at: 0, tableSort: "" }}
                  aria-current={view === page.view ? current : undefined}
                >
                  {name}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
        {corner}
      </header>
      <main id="main" ref={main} tabIndex={-1}>
        {Notice && <Notice />}
        <Content key={campaign} />
      </main>
    </ShellContext.Provider>
  );
}
