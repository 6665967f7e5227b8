// Money as the API writes it, `{"amount": "2.00", "currency": "EUR"}`, in whole millionths: no
// floating point touches it.

const DECIMALS = 6;

// A decimal string in millionths.
export function micros(amount) {
  const [, sign, whole, rest = ""] = /^(-?)(\d+)(?:\.(\d{1,6}))?$/.exec(amount);
  return BigInt(`${sign}${whole}${rest.padEnd(DECIMALS, "0")}`);
}

// What a work may come to with so many points, of means that all points share. The settlement
// rounds more finely: this is a hint.
export function mayComeTo(means, points, allPoints) {
  const all = BigInt(allPoints);
  return all > 0n ? (micros(means.amount) * BigInt(points)) / all : 0n;
}

// Thousandths that a part is of a whole, between 0 and 1000.
export function perMille(part, whole) {
  if (whole <= 0n) return 0;
  const share = (part * 1000n) / whole;
  return Number(share < 0n ? 0n : share > 1000n ? 1000n : share);
}

// Millionths as people read them; a community currency stands by its code.
export function say(language, amount, currency) {
  const digits = amount < 0n ? -amount : amount;
  const text = digits.toString().padStart(DECIMALS + 1, "0");
  const decimal = `${amount < 0n ? "-" : ""}${text.slice(0, -DECIMALS)}.${text.slice(-DECIMALS)}`;
  const plain = { minimumFractionDigits: 2, maximumFractionDigits: 2, roundingMode: "trunc" };
  if (!/^[A-Z]{3}$/.test(currency)) {
    return `${new Intl.NumberFormat(language, plain).format(decimal)} ${currency}`;
  }
  const style = { ...plain, style: "currency", currency };
  return new Intl.NumberFormat(language, style).format(decimal);
}
