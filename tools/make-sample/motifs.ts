import type { Palette } from "./palettes.js";
import type { Random } from "./random.js";

type Shapes = Palette["shapes"];

/** What a poster shows besides its number: the elements of the SVG, from back to front. */
export interface Motif {
  /** In words. */
  readonly title: string;
  /** Where the motif leaves the ground clear for the number. */
  readonly number: "top" | "foot";
  readonly draw: (shapes: Shapes, random: Random) => readonly string[];
}

export const MOTIFS: readonly Motif[] = [
  { title: "The sun sets over the sea", number: "top", draw: sunset },
  { title: "Planets round a star", number: "foot", draw: planets },
  { title: "Hills under a low sun", number: "top", draw: hills },
  { title: "A frieze of tiles", number: "foot", draw: tiles },
  { title: "Waves under the sun", number: "top", draw: waves },
  { title: "Three rainbows", number: "foot", draw: rainbows },
  { title: "Two mountains in the moonlight", number: "top", draw: mountains },
  { title: "A wall of cubes", number: "foot", draw: cubes },
  { title: "Rays of light", number: "foot", draw: rays },
  { title: "A plant with eight leaves", number: "foot", draw: plant },
];

export function motifOf(banner: number): Motif {
  return MOTIFS[banner % MOTIFS.length]!;
}

function path(fill: string, d: string): string {
  return `<path fill="${fill}" d="${d}"/>`;
}

function disc(fill: string, x: number, y: number, radius: number): string {
  return `<circle fill="${fill}" cx="${x}" cy="${y}" r="${radius}"/>`;
}

/** The sun on the sea, with its light on the water. */
function sunset([near, main, far]: Shapes, random: Random): string[] {
  const x = random.between(180, 225);
  const light = [62, 50, 40, 28, 18].map((half, i) => {
    const reach = half - random.below(6);
    return `M${x - reach} ${181 + i * 13}h${reach * 2}`;
  });
  return [
    disc(near, x, 166, 92),
    disc(main, x, 166, 66),
    path(far, "M0 166h300v84H0z"),
    `<path stroke="${main}" stroke-width="5" stroke-linecap="round" d="${light.join("")}"/>`,
  ];
}

/** Three ranges of hills under a low sun. */
function hills(shapes: Shapes, random: Random): string[] {
  const [, main] = shapes;
  const ranges = shapes.map((fill, i) => {
    const level = (): number => 122 + i * 32 + random.below(44);
    const crest = level();
    const swell = random.below(3) === 0 ? -30 : 34;
    return path(
      fill,
      `M0 ${level()}C50 ${crest - swell} 100 ${crest - swell} 150 ${crest}S250 ${crest + swell} 300 ${level()}V250H0z`,
    );
  });
  return [disc(main, random.between(205, 250), random.between(84, 100), 34), ...ranges];
}

/** Rows of waves, each shifted against the one behind it, under a sun. */
function waves([near, main, far]: Shapes, random: Random): string[] {
  const rows = [near, main, far, main, near].map((fill, i) => {
    const start = -random.between(10, 90);
    return path(fill, `M${start} ${128 + i * 26}q25-34 50 0${"t50 0".repeat(7)}V250H${start}z`);
  });
  return [disc(main, random.between(225, 250), 62, 30), ...rows];
}

/** Two mountains with snow on them, and a moon. */
function mountains([near, main, far]: Shapes, random: Random): string[] {
  const mountain = (x: number, top: number, left: string, right: string): string[] => [
    path(left, `M${x} ${top}L${x - (250 - top)} 250H${x}z`),
    path(right, `M${x} ${top}L${x + (250 - top)} 250H${x}z`),
    path("#fff", `M${x} ${top}l-26 26 12-4 14 10 10-8 16 2z`),
  ];
  const x = random.between(212, 240);
  return [
    disc(far, random.between(236, 262), 44, 20),
    ...mountain(x, random.between(98, 112), near, main),
    ...mountain(x - random.between(120, 140), random.between(136, 152), main, far),
  ];
}

/** Three planets round a star. */
function planets([near, main, far]: Shapes, random: Random): string[] {
  const x = random.between(180, 200);
  const y = 100;
  // Of 3-4-5 triangles, from the left over the top to the right: a sine's last digit would be the machine's choice.
  const directions = [
    [-10, 0],
    [-8, -6],
    [-6, -8],
    [0, -10],
    [6, -8],
    [8, -6],
    [10, 0],
  ] as const;
  const planet = (fill: string, orbit: number, radius: number, choices: number): string => {
    const [dx, dy] = directions[random.below(choices)]!;
    return disc(fill, x + (dx * orbit) / 10, y + (dy * orbit) / 10, radius);
  };
  return [
    `<g fill="${near}" fill-opacity=".16">`,
    ...[120, 85, 55].map((orbit) => `<circle cx="${x}" cy="${y}" r="${orbit}"/>`),
    "</g>",
    disc(main, x, y, 34),
    planet(far, 55, 8, directions.length),
    planet(main, 85, 11, directions.length),
    planet(far, 120, 14, 2), // its orbit leaves the poster but for its left
  ];
}

/** A large rainbow between two small ones. */
function rainbows([near, main, far]: Shapes, random: Random): string[] {
  const x = random.between(150, 190);
  const rainbow = (centre: number, outer: number, bows: readonly string[]): string[] =>
    bows.map((fill, i) => {
      const radius = outer - i * 22;
      return path(fill, `M${centre - radius} 160a${radius} ${radius} 0 0 1 ${radius * 2} 0z`);
    });
  return [
    ...rainbow(x + 80, 64, [near, main]),
    ...rainbow(x - 90, 56, [far, near]),
    ...rainbow(x, 96, [far, main, near, far]),
  ];
}

/** A frieze of quarter discs, half discs and squares. */
function tiles(shapes: Shapes, random: Random): string[] {
  const outlines = [
    "h50a50 50 0 0 1-50 50z",
    "h50v50a50 50 0 0 1-50-50z",
    "m50 50h-50a50 50 0 0 1 50-50z",
    "m0 50v-50a50 50 0 0 1 50 50z",
    "m25 0a25 25 0 0 1 0 50a25 25 0 0 1 0-50z",
  ];
  const squares: string[][] = [[], [], []];
  const figures: string[][] = [[], [], []];
  for (let y = 0; y < 150; y += 50) {
    for (let x = 0; x < 300; x += 50) {
      const square = random.below(4); // there are three: the fourth is a square left open
      squares[square]?.push(`M${x} ${y}h50v50h-50z`);
      figures[(square + random.between(1, 2)) % 3]!.push(`M${x} ${y}${outlines[random.below(outlines.length)]!}`);
    }
  }
  return [squares, figures].flatMap((layer) => layer.map((d, i) => path(shapes[i]!, d.join(""))));
}

/** Light that spreads from a disc to the edges. */
function rays([near, main, far]: Shapes, random: Random): string[] {
  const x = random.between(180, 215);
  const y = random.between(84, 100);
  const ends = [
    ...["0 0 60 0", "120 0 180 0", "240 0 300 0", "300 62 300 125", "300 187 300 250"],
    ...["240 250 180 250", "120 250 60 250", "0 250 0 187", "0 125 0 62"],
  ];
  return [
    `<path fill="${near}" opacity=".3" d="${ends.map((end) => `M${x} ${y}L${end}z`).join("")}"/>`,
    disc(near, x, y, 72),
    disc(main, x, y, 52),
    disc(far, x, y, 30),
  ];
}

/** A wall of cubes seen from a corner, broken off along a stair. */
function cubes([near, main, far]: Shapes, random: Random): string[] {
  let [tops, lefts, rights] = ["", "", ""];
  let first = 0;
  for (let row = 0; row < 3; row++) {
    for (let column = first; column < 6; column++) {
      const x = column * 60 - (row % 2) * 30;
      const y = row * 51 - 17;
      tops += `M${x} ${y}l30-17 30 17-30 17z`;
      lefts += `M${x} ${y}l30 17v34l-30-17z`;
      rights += `M${x + 60} ${y}l-30 17v34l30-17z`;
    }
    first += random.between(0, 2);
  }
  return [path(near, tops), path(main, lefts), path(far, rights)];
}

/** A plant before a disc, four leaves on each side. */
function plant([near, main, far]: Shapes, random: Random): string[] {
  const x = random.between(222, 236);
  const leaf = (y: number, length: number): string =>
    `M${x} ${y}q${-length}-4 ${-length}-34q${length / 2}-8 ${length} 34z`;
  const leaves = [74, 64, 54, 44].map((length, i) => leaf(186 - i * 40, length) + leaf(172 - i * 40, -length));
  return [
    disc(near, x, 110, 88),
    `<path stroke="${far}" stroke-width="3" d="M${x} 250V30"/>`,
    path(random.below(2) === 0 ? main : far, leaves.join("")),
  ];
}
