/** The citizen service number (BSN) and its eleven test. */

/** Nine digits whose weighted sum (9 to 2, then -1) divides by eleven, and not all zeros. */
export function isBsn(text: string): boolean {
  if (!/^\d{9}$/.test(text) || text === '000000000') return false;
  const sum = [...text].reduce((total, digit, index) => total + Number(digit) * (index === 8 ? -1 : 9 - index), 0);
  return sum % 11 === 0;
}
