import fc from '../../support/property'
import { type BodyCodec, bytes } from '../../../lib/commands/body'
import {
  type AnyCommand,
  decodeReply,
  decodeRequest,
  encodeReply,
  encodeRequest,
  type FrameContent,
} from '../../../lib/commands/command'
import { type Field, type HeaderCodec, type Schema, interpret } from '../../../lib/commands/field'
import { COMMANDS, commandOf } from '../../../lib/commands/index'
import { RESPONSE_CODES, type ResponseCode } from '../../../lib/commands/response-code'
import { decodeFrame } from '../../../lib/wire/frame-decoder'
import { encodeFrame } from '../../../lib/wire/frame-writer'
import type { RemotingCommand, SerializeType } from '../../../lib/wire/remoting-command'
import { BODY_SAMPLES } from '../../support/body-samples'

const ROWS: [string, AnyCommand][] = Object.entries(COMMANDS)

/** Values of each kind of field; texts are never empty, as the binary header cannot tell that from null. */
const VALUES: Record<Field<unknown>['kind'], fc.Arbitrary<unknown>> = {
  string: fc.string({ unit: 'grapheme', minLength: 1 }),
  int: fc.integer(),
  long: fc.maxSafeInteger(),
  bound: fc.maxSafeInteger(),
  boolean: fc.boolean(),
}

/** Headers of a schema, with any of the optional fields. */
function headersOf(schema: Schema): fc.Arbitrary<Record<string, unknown>> {
  const fields = Object.entries(schema)
  return fc.record(Object.fromEntries(fields.map(([name, { kind }]) => [name, VALUES[kind]])), {
    requiredKeys: fields.filter(([, field]) => !field.optional).map(([name]) => name),
  })
}

function bodiesOf(
  codec: BodyCodec<unknown> | undefined,
  samples: readonly unknown[] | undefined,
): fc.Arbitrary<unknown> {
  if (codec === undefined) return fc.constant(undefined)
  if (codec === bytes) return fc.uint8Array().map(each => Buffer.from(each))
  if (samples === undefined)
    throw new Error('the body of this row has no sample: add one to test/support/body-samples.ts')
  return fc.constantFrom(...samples)
}

/** The content as the other end reads it. */
function travel(content: FrameContent, flag: number, serializeType: SerializeType): RemotingCommand {
  const marks = { opaque: 1, flag, language: 'OTHER', version: 477, serializeType }
  const sent = encodeFrame({ ...content, ...marks })
  return decodeFrame(sent, 4, sent.length)
}

const serializeType = fc.constantFrom<SerializeType>('JSON', 'ROCKETMQ')
const isEmpty = (schema: Schema): boolean => Object.keys(schema).length === 0

describe('COMMANDS', () => {
  it('has every row under its own name and a code of its own', () => {
    expect(ROWS.filter(([name, row]) => row.name !== name)).toEqual([])
    expect(new Set(ROWS.map(([, { code }]) => code)).size).toBe(ROWS.length)
  })

  it.each(ROWS)('finds %s by its code', (_name, row) => {
    expect(commandOf(row.code)).toBe(row)
  })

  it('finds nothing by other codes', () => {
    expect(commandOf(3442)).toBeUndefined()
  })

  it('sends every code above 32767 with a header of JSON, as the binary one would cut it', () => {
    expect(ROWS.filter(([, { code, headerType }]) => code > 0x7fff && headerType !== 'JSON')).toEqual([])
  })

  it('reads the pull of a client that counts the versions of its subscriptions in nanoseconds', () => {
    const encoded = COMMANDS.PULL_MESSAGE.requestHeader.encode({
      consumerGroup: 'g',
      topic: 'T',
      queueId: 0,
      queueOffset: 0,
      maxMsgNums: 1,
      sysFlag: 0,
      commitOffset: 0,
      suspendTimeoutMillis: 0,
      subVersion: 0,
    })
    const decoded = COMMANDS.PULL_MESSAGE.requestHeader.decode({ ...encoded, subVersion: '1700000000123456789' })
    expect(decoded.subVersion).toBe(Number.MAX_SAFE_INTEGER)
  })

  it('has samples for rows that exist only', () => {
    expect(Object.keys(BODY_SAMPLES).filter(name => !(name in COMMANDS))).toEqual([])
  })
})

describe.each(ROWS)('%s', (name, row) => {
  const samples = BODY_SAMPLES[name as keyof typeof COMMANDS]
  const { request, response } = row.schemas as { request: Schema; response: Schema }

  it('is read as it was asked, in both serializations', () => {
    fc.assert(
      fc.property(
        headersOf(request),
        bodiesOf(row.requestBody, samples?.request),
        serializeType,
        (header, body, type) => {
          const asked = { ...(isEmpty(request) ? {} : { header }), ...(body === undefined ? {} : { body }) }
          const frame = travel(encodeRequest(row, asked as never), 0, row.headerType ?? type)
          expect(frame.code).toBe(row.code)
          expect(decodeRequest(row, frame)).toEqual({ header, body })
        },
      ),
      { numRuns: 30 },
    )
  })

  it('is read as it was answered, in both serializations and for every answer', () => {
    const answers = fc.constantFrom(...(row.answers as ReadonlySet<ResponseCode>))
    const bodies = bodiesOf(row.responseBody, samples?.response)
    fc.assert(
      fc.property(headersOf(response), bodies, answers, serializeType, (header, body, code, type) => {
        const reply = { code, ...(isEmpty(response) ? {} : { header }), ...(body === undefined ? {} : { body }) }
        const frame = travel(encodeReply(row, reply as never), 1, type)
        expect(decodeReply(row, frame, {})).toEqual({ code, header, body })
      }),
      { numRuns: 30 },
    )
  })

  it('has answers that are either full or bare, with codes that are known', () => {
    const codes = [...row.answers, ...row.bare]
    expect(new Set(codes).size).toBe(codes.length)
    expect(codes.filter(code => !(code in RESPONSE_CODES))).toEqual([])
    for (const code of row.bare as ReadonlySet<ResponseCode>) {
      const frame = travel(encodeReply(row, { code }), 1, 'JSON')
      expect(decodeReply(row, frame, {})).toEqual({ code })
    }
  })

  it('has the same headers where generated code is refused', () => {
    const check = (schema: Schema, codec: HeaderCodec<Schema>): void => {
      const wireNames = wireNamesOf(schema, codec)
      fc.assert(
        fc.property(headersOf(schema), header => {
          expect(interpret(schema, wireNames).encode(header)).toEqual(codec.encode(header))
          expect(interpret(schema, wireNames).decode(codec.encode(header))).toEqual(codec.decode(codec.encode(header)))
        }),
        { numRuns: 20 },
      )
    }
    check(request, row.requestHeader as HeaderCodec<Schema>)
    check(response, row.responseHeader as HeaderCodec<Schema>)
  })
})

/** The names on the wire, found out by writing one field after the other. */
function wireNamesOf(schema: Schema, codec: HeaderCodec<Schema>): Record<string, string> {
  const whole = Object.fromEntries(Object.keys(schema).map((name, at) => [name, `${at}`]))
  const names = Object.entries(codec.encode(whole))
  return Object.fromEntries(
    Object.keys(schema).map((name, at) => [name, names.find(([, value]) => value === `${at}`)?.[0] ?? name]),
  )
}
