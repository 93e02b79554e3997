/** Slows down those who send wrong tokens: address by address, so that nobody else waits. */
import { BlockList, isIPv6 } from "node:net";

/** Typing errors cost nothing. */
const FREE_TRIES = 3;
const FIRST_WAIT_MS = 1000;
const MAX_WAIT_MS = 60_000;
const FORGET_AFTER_MS = 600_000;
const MAX_ADDRESSES = 1000;

interface Tries {
  count: number;
  until: number;
}

export class WrongTokens {
  /** The oldest first, by the last wrong token. */
  readonly #tries = new Map<string, Tries>();

  waitOf(address: string, now: number): number {
    return Math.max(0, (this.#tries.get(networkOf(address))?.until ?? 0) - now);
  }

  note(address: string, now: number): void {
    const network = networkOf(address);
    const before = this.#tries.get(network);
    const count = (before === undefined || now - before.until > FORGET_AFTER_MS ? 0 : before.count) + 1;
    const wait = count < FREE_TRIES ? 0 : Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** (count - FREE_TRIES));
    this.#tries.delete(network);
    this.#tries.set(network, { count, until: now + wait });
    if (this.#tries.size > MAX_ADDRESSES) this.#tries.delete(this.#tries.keys().next().value!);
  }

  forget(address: string): void {
    this.#tries.delete(networkOf(address));
  }
}

const MAPPED = new BlockList();
MAPPED.addSubnet("::ffff:0:0", 96, "ipv6");

/** IPv4: the address. IPv6: its first 64 bits, since one machine may have every address that begins with them. */
function networkOf(address: string): string {
  if (!isIPv6(address) || MAPPED.check(address, "ipv6")) return address;
  const [front = "", back] = address.split("%")[0]!.split("::");
  const groups = front === "" ? [] : front.split(":");
  const behind = back === undefined || back === "" ? [] : back.split(":");
  const zeros = back === undefined ? 0 : 8 - groups.length - behind.length;
  return [...groups, ...Array<string>(Math.max(0, zeros)).fill("0"), ...behind].slice(0, 4).join(":");
}
