/** A value of a YAML file: text, a list of texts, or a mapping. */
export type PlainYaml = string | readonly string[] | { readonly [key: string]: PlainYaml }

interface Line {
  readonly number: number
  readonly indent: number
  readonly text: string
}

/**
 * Reads the plain part of YAML that our compose file keeps to: nested mappings, lists of scalars, unquoted and
 * single-quoted scalars (all read as text), comments on lines of their own. Anything else throws with its line number,
 * so that nothing is read otherwise than a full parser would read it.
 */
export function readPlainYaml(source: string): PlainYaml {
  const lines = source
    .split('\n')
    .map((text, index) => ({ number: index + 1, indent: text.search(/\S|$/), text: text.trim() }))
    .filter(line => line.text !== '' && !line.text.startsWith('#'))
  const [value, rest] = readBlock(lines)
  if (rest[0] !== undefined) throw wrong(rest[0], 'is indented less than the lines above')
  return value
}

/** Reads the block whose indentation is that of the first line; returns it and the lines after it. */
function readBlock(lines: readonly Line[]): [PlainYaml, readonly Line[]] {
  const first = lines[0]
  if (first === undefined) throw new Error('there is nothing to read')
  const outside = lines.findIndex(line => line.indent < first.indent)
  const block = outside < 0 ? lines : lines.slice(0, outside)
  const value = first.text.startsWith('- ') ? block.map(line => readItem(line, first.indent)) : readMapping(block)
  return [value, lines.slice(block.length)]
}

function readItem(line: Line, indent: number): string {
  if (line.indent !== indent || !line.text.startsWith('- ')) throw wrong(line, 'is not an item of the list')
  return readScalar(line, line.text.slice(2))
}

function readMapping(block: readonly Line[]): PlainYaml {
  const entries = new Map<string, PlainYaml>()
  const indent = block[0]?.indent
  for (let rest = block; rest[0] !== undefined;) {
    const line = rest[0]
    const [, key, text] = /^([\w.-]+):(?: +(.*))?$/.exec(line.text) ?? []
    if (key === undefined || line.indent !== indent) throw wrong(line, 'is not a key of the mapping')
    if (entries.has(key)) throw wrong(line, 'repeats a key')
    rest = rest.slice(1)
    const nested = rest[0] !== undefined && rest[0].indent > line.indent
    if (nested === (text !== undefined)) throw wrong(line, 'needs a value: on the line or indented below it')
    const [value, after]: [PlainYaml, readonly Line[]] =
      text === undefined ? readBlock(rest) : [readScalar(line, text), rest]
    entries.set(key, value)
    rest = after
  }
  return Object.fromEntries(entries)
}

function readScalar(line: Line, text: string): string {
  const quoted = /^'([^']*)'$/.exec(text)
  if (quoted?.[1] !== undefined) return quoted[1]
  if (/^[\w./-]/.test(text) && !/: | #|:$/.test(text)) return text
  throw wrong(line, 'holds a scalar of a form that is not read')
}

function wrong(line: Line, what: string): Error {
  return new Error(`line ${line.number} ${what}: ${line.text}`)
}
