import assert from 'node:assert/strict'
import { decodeJsonHeader, encodeJsonHeader } from '../../../lib/wire/header-json'
import { anyCommand } from '../../support/frames'
import fc from '../../support/property'
import { damaged, wordsOf } from '../damaged'
import { type FuzzTarget, refusedOr } from '../fuzz-target'

const samples = fc.sample(anyCommand, { numRuns: 30, seed: 3 }).map(command => Buffer.from(encodeJsonHeader(command)))
const words = ['{', '}', '[', ']', ':', ',', '"code"', 'code', '"extFields"', '"remark"', '"opaque"', '"__proto__"']
const values = ['1', '-1', '1e999', '9007199254740993', '"1"', 'null', 'true', '{"$ref":"$"}', '"\\ud800"', '\\', '"']

/** Headers in JSON. */
export const jsonHeader: FuzzTarget = {
  name: 'json-header',
  input: fc.oneof(damaged(samples), wordsOf([...words, ...values])),
  read: bytes => {
    const header = refusedOr(['PROTOCOL_ERROR'], () => decodeJsonHeader(bytes.toString()))
    if (header === undefined) return
    for (const field of ['code', 'version', 'opaque', 'flag'] as const) assert.equal(header[field] | 0, header[field])
    assert.ok(header.remark === undefined || typeof header.remark === 'string', 'a remark that is no text')
    for (const [name, value] of Object.entries(header.extFields ?? {}))
      assert.ok(value === null || typeof value === 'string', `the field ${name} is no text`)
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined)
  },
}
