/** An index whose entries have other revenue: amounts that events of a test would take long to add up to. */
import { Catalog } from "../../../src/index/catalog.js";

/** @param revenue of the entries, in millionths, in their order in the file */
export function altered({ index }: Catalog, revenue: readonly bigint[]): Catalog {
  return new Catalog({ ...index, entryRevenue: BigInt64Array.from(revenue) });
}
