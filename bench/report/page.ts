/** A marker of the page is missing. */
export class MissingSection extends Error {}

const beginOf = (section: string): string => `<!-- bench:${section} -->`
const endOf = (section: string): string => `<!-- /bench:${section} -->`

/** The page with `text` between the markers of a section; all that stands outside of them stays. */
export function withSection(page: string, section: string, text: string): string {
  const begin = page.indexOf(beginOf(section))
  const end = page.indexOf(endOf(section), begin)
  if (begin === -1 || end === -1) {
    throw new MissingSection(`the page has no ${beginOf(section)} with ${endOf(section)} behind it`)
  }
  return `${page.slice(0, begin + beginOf(section).length)}\n\n${text.trim()}\n\n${page.slice(end)}`
}

/** A table in Markdown; the first `texts` columns are texts and the others numbers. */
export function markdownTable(rows: readonly (readonly string[])[], texts: number): string {
  const [head = [], ...others] = rows
  const marks = head.map((_, i) => (i < texts ? '---' : '---:'))
  return [head, marks, ...others].map(row => `| ${row.map(cell).join(' | ')} |`).join('\n')
}

const cell = (text: string): string => text.replaceAll('|', '\\|')
