import assert from 'node:assert/strict'
import { decodeProperties, findProperty } from '../../../lib/wire/properties'
import fc from '../../support/property'
import { damaged, wordsOf } from '../damaged'
import type { FuzzTarget } from '../fuzz-target'

const samples = [
  'TAGS\u0001a\u0002KEYS\u0001k l\u0002',
  '__proto__\u0001x\u0002constructor\u0001键😀',
  'a\u0001\u0002b\u0001c',
]
const words = ['a', 'TAGS', '__proto__', 'toString', '键', '\u0001', '\u0002', '\u0001', '\u0002']

/** The text of a message's properties, and one of them found in its bytes. */
export const properties: FuzzTarget = {
  name: 'properties',
  input: fc.oneof(damaged(samples.map(text => Buffer.from(text))), wordsOf(words)),
  read: bytes => {
    const all = decodeProperties(bytes.toString())
    for (const name of [...Object.keys(all), 'TAGS', '__proto__', 'toString']) {
      // What is no UTF-8 is not found by the name that it is shown by.
      if (!name.includes('\ufffd')) assert.equal(findProperty(bytes, 0, bytes.length, name), all[name])
    }
  },
}
