/** Says what a corpus of images is made of. */
export interface OddImage {
  readonly form: string;
  readonly bytes: Buffer;
}

/** Those that browsers show, and those that they do not. */
export interface OddImages {
  readonly shown: readonly OddImage[];
  readonly broken: readonly OddImage[];
}

export function images(forms: Readonly<Record<string, Buffer | string>>): OddImage[] {
  return Object.entries(forms).map(([form, bytes]) => ({ form, bytes: Buffer.from(bytes) }));
}

export const latin = (text: string): Buffer => Buffer.from(text, "latin1");

export function big(value: number, bytes: number): Buffer {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
}

export const little = (value: number, bytes: number): Buffer => big(value, bytes).reverse();

/** A copy with other bytes at one place. */
export function altered(bytes: Buffer, at: number, ...others: readonly number[]): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(others, at);
  return copy;
}
