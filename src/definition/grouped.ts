/** Groups the digits of a whole number: 353685 → `353,685`. By hand, since the first `toLocaleString` of a process reads ICU's data for 15 ms. */
export function grouped(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ",");
}
