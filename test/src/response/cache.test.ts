import t from "tap";
import { BannerCache, CACHE_SIZE, CacheMemory } from "../../../src/response/cache.js";

interface Made {
  readonly banner: number;
  readonly bytes: number;
  readonly number: number;
}

/** A cache that counts what it makes. */
class CountedCache {
  made = 0;
  readonly #cache: BannerCache<Made>;

  constructor(memory: CacheMemory, bytes: number) {
    this.#cache = new BannerCache((banner) => ({ banner, bytes, number: ++this.made }), memory);
  }

  /** Whether it was cached. */
  has(banner: number): boolean {
    const before = this.made;
    if (this.#cache.get(banner).banner !== banner) throw new Error(`another than ${banner}`);
    return this.made === before;
  }
}

await t.test("what is cached stays until another takes its slot", (t) => {
  const cache = new CountedCache(new CacheMemory(), 100);
  t.same([cache.has(1), cache.has(2), cache.has(1), cache.has(2)], [false, false, true, true]);
  t.same([cache.has(1 + CACHE_SIZE), cache.has(1), cache.has(2)], [false, false, true]);
  t.end();
});

await t.test("caches that would grow beyond their memory are cleared, all of them, and go on", (t) => {
  const memory = new CacheMemory(1000);
  const small = new CountedCache(memory, 100);
  const large = new CountedCache(memory, 400);
  for (let banner = 0; banner < 6; banner++) small.has(banner);
  t.same([large.has(1), small.has(0), small.has(5)], [false, true, true], "1000 bytes");
  t.notOk(small.has(6), "one more");
  t.same([small.has(6), small.has(0), large.has(1), large.has(1)], [true, false, false, true]);
  t.end();
});

await t.test("what has been overwritten counts as long as it may be in memory", (t) => {
  const memory = new CacheMemory(1000);
  const cache = new CountedCache(memory, 100);
  cache.has(5);
  for (let round = 1; round < 10; round++) cache.has(round * CACHE_SIZE);
  t.ok(cache.has(5));
  cache.has(0);
  t.notOk(cache.has(5));
  t.end();
});

await t.test(
  "what grows after it was cached counts, and what is larger than all memory is served all the same",
  (t) => {
    const memory = new CacheMemory(1000);
    const cache = new CountedCache(memory, 100);
    cache.has(5);
    memory.spend(900);
    t.ok(cache.has(5));
    memory.spend(1);
    t.notOk(cache.has(5));
    const large = new CountedCache(memory, 5000);
    t.same([large.has(1), large.has(1), large.has(2), large.has(1)], [false, true, false, false]);
    t.end();
  },
);
