/** Text without leading and trailing characters up to U+0020, as Java's `String.trim`; wider Unicode spaces stay. */
export function javaTrim(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && text.charCodeAt(start) <= 0x20) start++
  while (end > start && text.charCodeAt(end - 1) <= 0x20) end--
  return text.slice(start, end)
}

/** Parts of a text as Java's `String.split` cuts them: empty parts at the end are left out, but never the only part. */
export function javaSplit(text: string, separator: string): string[] {
  const parts = text.split(separator)
  if (parts.length === 1) return parts
  let length = parts.length
  while (length > 0 && parts[length - 1] === '') length--
  return parts.slice(0, length)
}

/** Spaces to JavaScript that are none to Java's `Character.isWhitespace`: those that do not break a line. */
const NO_BREAK_SPACES: ReadonlySet<number> = new Set([0xa0, 0x2007, 0x202f, 0xfeff])

/** True for an empty text and for one of what Java takes for white space only. */
export function isBlank(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (!isWhitespace(text.charCodeAt(i))) return false
  return true
}

function isWhitespace(unit: number): boolean {
  if (unit >= 0x1c && unit <= 0x1f) return true
  return !NO_BREAK_SPACES.has(unit) && /\s/.test(String.fromCharCode(unit))
}

/** The integer that a decimal text with an optional sign holds, or undefined where Java's `parseLong` would throw. */
export function parseJavaInteger(text: string): number | undefined {
  return /^[+-]?[0-9]+$/.test(text) ? Number(text) : undefined
}

/** The same for 32 bits, Java's `parseInt`. */
export function parseJavaInt(text: string): number | undefined {
  const value = parseJavaInteger(text)
  return value === undefined || value !== (value | 0) ? undefined : value | 0
}
