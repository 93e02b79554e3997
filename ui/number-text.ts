/** Writes money, counts and ratios as people read them, exact or short. */

const SHORT_FROM = 100_000;
const SHORT: Intl.NumberFormatOptions = { notation: "compact", minimumFractionDigits: 0, maximumFractionDigits: 2 };

const formats = new Map<string, Intl.NumberFormat>();

/** Strings are written digit by digit, however long they are. The minus sign U+2212 is as wide as a digit. */
function write(value: number | string, options: Intl.NumberFormatOptions): string {
  const key = JSON.stringify(options);
  // To make a format takes longer than to use it a hundred times.
  const format = formats.get(key) ?? new Intl.NumberFormat("en-US", options);
  formats.set(key, format);
  return format.format(value as number).replace("-", "−");
}

const inCurrency = (currency: string | null): Intl.NumberFormatOptions =>
  currency === null ? {} : { style: "currency", currency, currencyDisplay: "narrowSymbol" };

/** Less than a cent would be nothing with two decimals. */
const decimalsOf = (amount: string | number): number => (typeof amount === "number" && Math.abs(amount) < 1 ? 4 : 2);

/** Of an exact decimal, or of a ratio. */
export function moneyText(amount: string | number, currency: string | null, decimals = decimalsOf(amount)): string {
  const digits = { signDisplay: "negative", minimumFractionDigits: 2, maximumFractionDigits: decimals } as const;
  return write(amount, { ...inCurrency(currency), ...digits });
}

export function shortMoneyText(amount: string | number, currency: string | null): string {
  const isLong = Math.abs(Number(amount)) >= SHORT_FROM;
  return isLong ? write(amount, { ...inCurrency(currency), ...SHORT }) : moneyText(amount, currency);
}

export const shortCountText = (value: number): string => write(value, value < SHORT_FROM ? {} : SHORT);

export const percentText = (share: number): string =>
  `${write(100 * share, { minimumFractionDigits: 1, maximumFractionDigits: 1 })} %`;
