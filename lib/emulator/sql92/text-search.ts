/** Up to this length the built-in search is linear enough: it looks at a character this often at most. */
const SHORT = 32

/** Tells whether a text holds `needle`, in time that grows with the length of the text alone, whatever the two are. */
export function textSearch(needle: string): (text: string) => boolean {
  if (needle.length <= SHORT) return text => text.includes(needle)
  const borders = bordersOf(needle)
  return text => {
    let matched = 0
    for (let at = 0; at < text.length; at++) {
      matched = longer(needle, borders, { matched, unit: text.charCodeAt(at) })
      if (matched === needle.length) return true
    }
    return false
  }
}

/** For each beginning of the needle, how much of its end is also its beginning (Knuth, Morris and Pratt). */
function bordersOf(needle: string): Int32Array {
  const borders = new Int32Array(needle.length)
  for (let at = 1, matched = 0; at < needle.length; at++) {
    matched = longer(needle, borders, { matched, unit: needle.charCodeAt(at) })
    borders[at] = matched
  }
  return borders
}

/** How much of the needle is matched after one more character. */
function longer(
  needle: string,
  borders: Int32Array,
  { matched, unit }: { readonly matched: number; readonly unit: number },
): number {
  let length = matched
  while (length > 0 && needle.charCodeAt(length) !== unit) length = borders[length - 1] as number
  return needle.charCodeAt(length) === unit ? length + 1 : length
}
