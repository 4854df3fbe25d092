import { Dictionary } from './dictionary'

/** Between the name and the value of a property. */
export const NAME_VALUE_SEPARATOR = '\u0001'
/** After each property; a 4.9 broker leaves out the last one. */
export const PROPERTY_SEPARATOR = '\u0002'

const REMEMBERED_NAMES = 256

/**
 * Reads the text of a record's properties as Java does: pieces without a name or a value are ignored, of equal names the
 * last one counts. `__proto__` is a name like others.
 */
export function decodeProperties(text: string): Record<string, string> {
  const properties = new Dictionary<string>()
  let nameEnd = -1
  for (let start = 0; start < text.length;) {
    let end = text.indexOf(PROPERTY_SEPARATOR, start)
    if (end === -1) end = text.length
    // Looked for once: many pieces without a name before a far one would take the square of the time.
    if (nameEnd < start) nameEnd = text.indexOf(NAME_VALUE_SEPARATOR, start)
    if (nameEnd === -1) return properties
    if (nameEnd > start && nameEnd < end - 1) properties[text.slice(start, nameEnd)] = text.slice(nameEnd + 1, end)
    start = end + 1
  }
  return properties
}

/** The text of properties; null and undefined are left out. Whether names and values are allowed is the caller's business. */
export function encodeProperties(properties: Readonly<Record<string, string | null | undefined>>): string {
  let text = ''
  for (const name of Object.keys(properties)) {
    const value = properties[name]
    if (value !== null && value !== undefined) text = appendProperty(text, name, value)
  }
  return text
}

/** The text with one more property. */
export function appendProperty(text: string, name: string, value: string): string {
  return text + name + NAME_VALUE_SEPARATOR + value + PROPERTY_SEPARATOR
}

/** The property `name` in the bytes `source[start, end)`, as `decodeProperties` would give it, without reading the others. */
export function findProperty(source: Buffer, start: number, end: number, name: string): string | undefined {
  const needle = needleOf(name)
  if (needle === NO_NEEDLE) return undefined
  // One byte, one character: a native search over a short text beats a loop over bytes.
  const text = source.toString('latin1', start, end)
  // The very first property has no separator before it.
  let value = text.startsWith(needle.slice(1)) ? valueAt(text, needle.length - 1) : ''
  for (let at = text.indexOf(needle); at !== -1; at = text.indexOf(needle, at + needle.length)) {
    const later = valueAt(text, at + needle.length)
    if (later !== '') value = later
  }
  return value === '' ? undefined : value
}

function valueAt(text: string, at: number): string {
  const end = text.indexOf(PROPERTY_SEPARATOR, at)
  const value = text.slice(at, end === -1 ? text.length : end)
  return isAscii(value) ? value : Buffer.from(value, 'latin1').toString()
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 0x7f) return false
  }
  return true
}

/** For names that no property can have. */
const NO_NEEDLE = ''
const needles = new Map<string, string>()

/** What stands before a value of this name, unless it is the very first; UTF-8 bytes, one character each. */
function needleOf(name: string): string {
  let needle = needles.get(name)
  if (needle === undefined) {
    const bytes = Buffer.from(name).toString('latin1')
    const possible = name !== '' && !name.includes(NAME_VALUE_SEPARATOR) && !name.includes(PROPERTY_SEPARATOR)
    needle = possible ? PROPERTY_SEPARATOR + bytes + NAME_VALUE_SEPARATOR : NO_NEEDLE
    if (needles.size === REMEMBERED_NAMES) needles.clear()
    needles.set(name, needle)
  }
  return needle
}
