import Long from 'long'
import { RocketMQError } from '../../../lib/errors'
import { readFastjson } from '../../../lib/wire/fastjson-reader'
import { writeFastjson } from '../../../lib/wire/fastjson-writer'
import type { JsonValue } from '../../../lib/wire/json-value'
import { canonical, disagreement, withIntegerKeys } from '../java-value'

interface Reading {
  readonly value?: unknown
  readonly error?: string
  readonly noSuchClass?: true
}

export const ops = {}

export const checks = {
  /** 5.5.0 binds; where it fails, failing or the value of 4.9.4 are both right. */
  accept: (input: Record<string, unknown>, out: Record<string, unknown>) => {
    const [old, current] = [out['4.9.4'] as Reading, out['5.5.0'] as Reading]
    const read = readOrFailure(String(input['text']))
    const expected = current.noSuchClass === true ? old : current
    if (expected.error === undefined) {
      if (read instanceof Error) throw read
      expect(disagreement(read, expected.value, { complete: false })).toBeUndefined()
      expect(canonical(readFastjson(writeFastjson(withIntegerKeys(read))))).toEqual(canonical(read))
    } else if (old.error !== undefined) {
      // Where both refuse standard JSON they mean its types, which is for those who read a body of a known kind.
      expect(read instanceof Error || isStandard(String(input['text']))).toBe(true)
    } else if (!(read instanceof Error)) {
      expect(disagreement(withParsedKeys(read), old.value, { complete: false })).toBeUndefined()
    }
  },
}

export const fields = { accept: { in: ['class', 'text'], out: ['4.9.4', '5.5.0'] } }

function readOrFailure(text: string): JsonValue | RocketMQError {
  try {
    return readFastjson(text)
  } catch (error) {
    if (RocketMQError.is(error) && error.code === 'PROTOCOL_ERROR') return error
    throw error
  }
}

function isStandard(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** 4.9.4 parses keys that are text of an object. */
function withParsedKeys(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Map) return value
  if (Long.isLong(value)) return value
  const entries = Object.entries(value).map(([name, member]) => [name, withParsedKeys(member)] as const)
  if (entries.length === 0 || !entries.every(([name]) => name.startsWith('{'))) return Object.fromEntries(entries)
  return new Map(entries.map(([name, member]) => [readFastjson(name), member]))
}
