import { readFastjson } from '../../../lib/wire/fastjson-reader'
import { writeFastjson } from '../../../lib/wire/fastjson-writer'
import { canonical, disagreement, fromJavaValue, withIntegerKeys } from '../java-value'

export const ops = {}

export const checks = {
  /** Java's text is read to Java's value and written again as it was; the value is written to what Java would read. */
  body: (input: Record<string, unknown>, out: Record<string, unknown>) => {
    const text = String(out['text'])
    const read = readFastjson(Buffer.from(text))
    expect(disagreement(read, input['value'], { complete: true })).toBeUndefined()
    expect(normal(writeFastjson(withIntegerKeys(read)))).toBe(normal(text))
    const written = writeFastjson(fromJavaValue(input['value']))
    expect(canonical(readFastjson(written))).toEqual(canonical(read))
  },
}

export const fields = { body: { in: ['class', 'value'], out: ['text', 'sameAsToJson', 'decodedAgain'] } }

/** Doubles in one form, and integer keys without quotes: readers on both sides take either. */
function normal(text: string): string {
  const oneDoubleForm = text.replace(
    /:(-?\d+\.\d+(?:E-?\d+)?)(?=[,}])/g,
    (_all, digits: string) => `:${Number(digits)}`,
  )
  return oneDoubleForm.replace(/([{,])"(-?\d+)":/g, '$1$2:')
}
