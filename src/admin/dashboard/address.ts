/** Reads and writes the query of the dashboard's address: `?search=12&order=id&campaign=7&period=2`. */
import { ORDERS, type Order } from "./campaign-table.js";
import { readId } from "../../index/ids.js";

export const MAX_SEARCH = 50;

/** `campaign` and `period` are 0 where none is chosen. */
export interface View {
  readonly search: string;
  readonly order: Order;
  readonly campaign: number;
  readonly period: number;
}

/** A malformed value counts as absent. */
export function readView(query: URLSearchParams): View {
  const idOf = (name: string): number => {
    const text = query.get(name) ?? "";
    return readId(text, 0, text.length);
  };
  return {
    search: (query.get("search") ?? "").trim().slice(0, MAX_SEARCH),
    order: ORDERS.find((order) => order === query.get("order")) ?? "revenue",
    campaign: idOf("campaign"),
    period: idOf("period"),
  };
}

export function queryOf({ search, order, campaign, period }: View): string {
  const query = new URLSearchParams();
  if (search !== "") query.set("search", search);
  if (order !== "revenue") query.set("order", order);
  if (campaign !== 0) query.set("campaign", String(campaign));
  if (period !== 0) query.set("period", String(period));
  return `?${query.toString()}`;
}
