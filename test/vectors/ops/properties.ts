import { appendProperty, decodeProperties, encodeProperties, findProperty } from '../../../lib/wire/properties'

type Pair = readonly [name: string, value: string | null]

export const ops = {
  toString: (input: Record<string, unknown>) => {
    const pairs = (input['properties'] ?? []) as Pair[]
    const string = pairs.reduce(
      (text, [name, value]) => (value === null ? text : appendProperty(text, name, value)),
      '',
    )
    // An object cannot hold the same name twice, nor integers in another order.
    const properties = Object.fromEntries(pairs)
    if (Object.keys(properties).join() === pairs.map(([name]) => name).join()) {
      expect(encodeProperties(properties)).toBe(string)
    }
    return { string, back: { ...decodeProperties(string) } }
  },

  fromString: (input: Record<string, unknown>) => {
    const string = (input['string'] ?? '') as string
    const properties = { ...decodeProperties(string) }
    const bytes = Buffer.from(string)
    for (const [name, value] of Object.entries(properties)) {
      expect(findProperty(bytes, 0, bytes.length, name)).toBe(value)
    }
    return { properties }
  },
}

export const fields = {
  toString: { in: ['properties'], out: ['string', 'back'] },
  fromString: { in: ['string'], out: ['properties'] },
}
