/** The colours of one poster. Text is set in `ink`, on the ground alone. */
export interface Palette {
  /** The ground, from its top to its foot. */
  readonly ground: readonly [string, string];
  /** The shapes, from the one nearest to the ground to the one that stands out most. */
  readonly shapes: readonly [string, string, string];
  readonly ink: string;
}

export const PALETTES: readonly Palette[] = [
  { ground: ["#fff1e4", "#ffd3b8"], shapes: ["#ffa878", "#e8505b", "#5f2a6a"], ink: "#4a1f52" },
  { ground: ["#0e2c46", "#155a73"], shapes: ["#1f8a9c", "#6fd6c4", "#fff1b8"], ink: "#f3fff9" },
  { ground: ["#fff8dc", "#ffe7a3"], shapes: ["#ffbf3c", "#f0682c", "#23685a"], ink: "#1f4f45" },
  { ground: ["#151a40", "#343a86"], shapes: ["#6468d6", "#ff7aa2", "#ffd573"], ink: "#fff6e0" },
  { ground: ["#eafaf4", "#bdebdd"], shapes: ["#66cdb9", "#1c8c9c", "#164e68"], ink: "#0f3d54" },
  { ground: ["#4a1c22", "#8a3330"], shapes: ["#c8553d", "#f4934a", "#ffd9a8"], ink: "#fff0dd" },
  { ground: ["#eef6ff", "#c5defc"], shapes: ["#86bdf6", "#2f74dc", "#14357a"], ink: "#122f6b" },
  { ground: ["#0e2f2a", "#1d5546"], shapes: ["#3f9270", "#a9cc5a", "#f4ebd0"], ink: "#f7f1dc" },
  { ground: ["#fdebf3", "#f8c5db"], shapes: ["#f386ac", "#b53a8c", "#4a1c6c"], ink: "#471a64" },
  { ground: ["#f6f3ec", "#e3ddd0"], shapes: ["#c9bfad", "#e4572e", "#2b2d42"], ink: "#2b2d42" },
  { ground: ["#2a1039", "#5a2066"], shapes: ["#913e90", "#f2607a", "#ffc57d"], ink: "#ffeeda" },
];
