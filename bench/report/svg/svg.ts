/** A part of a picture that has its own place in it. */
export interface Drawing {
  readonly height: number
  /** Elements, from the corner at the top left. */
  readonly content: string
}

/** From the corner at the top left. */
type Place = readonly [x: number, y: number]

type Attributes = Readonly<Record<string, string | number>>

/**
 * Colors of both kinds of screen. The picture has a ground of its own, so that it can be read on any page: some show pictures
 * for dark screens on a bright page.
 */
const STYLE = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328 }
  .title { font-weight: 600 }
  .faint { fill: #59636e }
  .ground { fill: #ffffff }
  .ours { fill: #0969da }
  .other { fill: #8c959f }
  .limit { fill: #d0d7de }
  .spread { stroke: #1f2328 }
  .grid { stroke: #d0d7de }
  .guide { stroke: #8c959f; stroke-dasharray: 4 3 }
  .curve { stroke: #0969da; stroke-width: 2; fill: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .faint { fill: #9198a1 }
    .ground { fill: #0d1117 }
    .ours { fill: #4493f8 }
    .other { fill: #6e7681 }
    .limit { fill: #3d444d }
    .spread { stroke: #e6edf3 }
    .grid { stroke: #2a313c }
    .guide { stroke: #6e7681 }
    .curve { stroke: #4493f8 }
  }`

const COLUMN = 430
const GAP = 20

/** An element; `content` is elements, or text that was escaped. */
export function element(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(plain(value))}"`)
  return content === '' ? `<${name}${written.join('')}/>` : `<${name}${written.join('')}>${content}</${name}>`
}

export function text(content: string, attributes: Attributes): string {
  return element('text', attributes, escaped(content))
}

export function line([x1, y1]: Place, [x2, y2]: Place, className: string): string {
  return element('line', { x1, y1, x2, y2, class: className })
}

/** A picture of drawings in two columns. Each gets the width that it may take. */
export function pictureOf(title: string, drawings: readonly ((width: number) => Drawing)[]): string {
  const drawn = drawings.map(draw => draw(COLUMN))
  const parts: string[] = []
  let y = GAP
  for (let i = 0; i < drawn.length; i += 2) {
    const row = drawn.slice(i, i + 2)
    row.forEach(({ content }, column) => {
      const x = GAP + column * (COLUMN + GAP)
      parts.push(element('g', { transform: `translate(${x} ${y})` }, content))
    })
    y += Math.max(...row.map(({ height }) => height)) + GAP
  }
  const width = drawn.length > 1 ? 2 * COLUMN + 3 * GAP : COLUMN + 2 * GAP
  const ground = element('rect', { class: 'ground', width, height: y, rx: 6 })
  const content = [element('title', {}, escaped(title)), element('style', {}, STYLE), ground, ...parts].join('\n')
  const size = { width, height: y, viewBox: `0 0 ${width} ${y}` }
  return `${element('svg', { xmlns: 'http://www.w3.org/2000/svg', role: 'img', ...size }, `\n${content}\n`)}\n`
}

function plain(value: string | number): string {
  return typeof value === 'number' ? `${Number(value.toFixed(2))}` : value
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
