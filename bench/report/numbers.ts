/** Rounded, with commas. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString('en')
}

/** As many digits as one cares for: three, or all of a large number. */
export function digits(value: number): string {
  return value >= 100 ? whole(value) : `${Number(value.toPrecision(3))}`
}
