import Table from 'cli-table3'

type Cell = string | number

/** A table of text; numbers stand to the right, and characters of double width count as two. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const colAligns = head.map((_, column) => (typeof rows[0]?.[column] === 'number' ? 'right' : 'left'))
  const drawn = new Table({ head: [...head], colAligns, style: { head: [], border: [], compact: true } })
  drawn.push(...rows.map(row => row.map(String)))
  return drawn.toString()
}
