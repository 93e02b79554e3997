/** Asks what to find among the campaigns: words to search for, and filters. */
import type { TargetedEvent, VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { RULE_TEXTS } from "../../src/index/explain.js";
import { RULES_BY_X } from "../../src/index/sections.js";
import { count, minutesOf } from "../../src/index/wording.js";
import { DEFAULT_QUERY, MAX_SEARCH, readCampaignQuery, writeCampaignQuery } from "../../src/view/campaign-query.js";
import type { CampaignQuery } from "../../src/view/campaign-query.js";
import { useShell } from "../shell.js";

/** What is asked anew is in the order of before, from the first row on. */
const orderOf = ({ sort, direction, limit }: CampaignQuery) => ({ sort, direction, limit, offset: 0 });

export const isFiltered = (list: CampaignQuery): boolean =>
  writeCampaignQuery({ ...list, ...orderOf(DEFAULT_QUERY) }).toString() !== "";

/** Tells it in words, for paper and for screen readers. */
export function filterText({ search, period, rule, minX, maxX, changed }: CampaignQuery, periods: number): string {
  const most = maxX === Infinity ? `${count(minX)} or more` : `${count(minX)} to ${count(maxX)}`;
  const parts = [
    `figures of ${period === 0 ? "the whole hour" : `minutes ${minutesOf(period, periods)}`}`,
    search && `with “${search}”`,
    rule && `shown: ${RULE_TEXTS[rule]}`,
    (minX > 0 || maxX < Infinity) && `${minX === maxX ? `exactly ${count(minX)}` : most} banners with a conversion`,
    changed && "changed since the last index",
  ];
  return parts.filter(Boolean).join("; ");
}

export function Filters(): VNode {
  const { periods, address, go } = useShell();
  const { list } = address;
  const search = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const input = search.current!;
    // What is typed stays as it is typed: the address has it without the blanks at its ends.
    if (input.value.trim() !== list.search) input.value = list.search;
  }, [list.search]);
  const note = ({ currentTarget, target }: TargetedEvent<HTMLFormElement>): void => {
    const read = readCampaignQuery(new URLSearchParams([...new FormData(currentTarget)] as string[][]), periods);
    // A line about what is wrong, which the field says itself.
    if (typeof read === "string") return;
    const isTyped = target instanceof HTMLInputElement && target.type !== "checkbox";
    go({ list: { ...read, ...orderOf(list) } }, isTyped ? "replaceState" : "pushState");
  };
  const clear = (): void => {
    go({ list: { ...DEFAULT_QUERY, ...orderOf(list) } });
  };
  return (
    // Of several fields and without a button that submits, it is not sent by the key Enter.
    <form role="search" class="filters" aria-label="Campaigns" onInput={note}>
      <label class="search">
        Find an id, name, text or site
        <input ref={search} name="search" type="search" autocomplete="off" maxLength={MAX_SEARCH} />
      </label>
      <label>
        Figures of
        <select name="period" value={list.period}>
          <option value={0}>the whole hour</option>
          {Array.from({ length: periods }, (_, at) => (
            <option key={at} value={at + 1}>
              minutes {minutesOf(at + 1, periods)}
            </option>
          ))}
        </select>
      </label>
      <label>
        What is shown
        <select name="rule" value={list.rule ?? ""}>
          <option value="">anything</option>
          {RULES_BY_X.map((rule) => (
            <option key={rule} value={rule}>
              {RULE_TEXTS[rule]}
            </option>
          ))}
        </select>
      </label>
      <fieldset>
        <legend>Banners with a conversion</legend>
        <label>
          from <input name="min_x" type="number" min={0} value={list.minX || ""} />
        </label>
        <label>
          to <input name="max_x" type="number" min={0} value={list.maxX === Infinity ? "" : list.maxX} />
        </label>
      </fieldset>
      <label class="check">
        <input name="changed" type="checkbox" checked={list.changed} /> changed since the last index
      </label>
      {isFiltered(list) && (
        <button type="button" class="plain" onClick={clear}>
          Clear
        </button>
      )}
    </form>
  );
}
